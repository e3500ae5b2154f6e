package io.sallyport.store;

import java.util.Locale;

/**
 * The rooms of the store. Ids of resources are compared without regard to case, so that their part of a key is in lower
 * case; the document itself keeps the spelling.
 *
 * <pre>
 * resource/subscriptions/S                                              a subscription                        (api)
 * resource/subscriptions/S/resourcegroups/G                             a resource group                      (api)
 * resource/subscriptions/S/resourcegroups/G/providers/P/TYPE/NAME       a resource with its children inside   (api)
 * provision/subscriptions/…   ephemeral: up to which revision the engine has carried out the resource         (engine)
 * status/subscriptions/…      ephemeral: how a gateway or connection is now                                    (engine)
 * node/NAME                   ephemeral: what a machine lends                                                  (engine)
 * command/ID, answer/ID       ephemeral: a thing to be done once, and what came of it                          (api, engine)
 * operation/ID                a long-running operation                                                         (api)
 * capture/subscriptions/…/NAME  which file holds a packet capture                                              (api)
 * lease/POOL/CLIENT           which addresses of a pool a client has or had                                     (engine)
 * identity/…, role/…, token/…, audit/…                                                                         (api)
 * </pre>
 */
public final class Keys {
    public static final String RESOURCE = "resource";
    public static final String PROVISION = "provision";
    public static final String STATUS = "status";
    public static final String NODE = "node/";
    public static final String COMMAND = "command/";
    public static final String ANSWER = "answer/";
    public static final String OPERATION = "operation/";
    public static final String LEASE = "lease/";

    private Keys() {}

    /** The key of a resource's document in {@code room}; {@code id} begins with a slash. */
    public static String of(String room, String id) {
        return room + id.toLowerCase(Locale.ROOT);
    }
}
