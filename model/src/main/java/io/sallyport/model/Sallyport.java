package io.sallyport.model;

import io.sallyport.model.document.Form;
import java.util.Optional;

/**
 * The group {@code properties.sallyport}: what Azure does not have. It is ours alone, so unknown names are refused.
 *
 * @param replayWindow packets, a multiple of 64
 */
record Sallyport(
        Optional<CryptoProfile> cryptoProfile,
        Optional<Integer> replayWindow,
        Optional<Encapsulation> encapsulation,
        Optional<String> localIdentity,
        Optional<String> remoteIdentity) {
    /** Fewer would drop what an ordinary network reorders; more is memory without use. */
    private static final int WINDOW_MIN = 64;

    private static final int WINDOW_MAX = 65_536;
    private static final int IDENTITY_MAX = 255;

    private static final Sallyport NONE =
            new Sallyport(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static Sallyport read(Form properties, boolean withIdentities) {
        Optional<Form> present = properties.form("sallyport");
        if (present.isEmpty()) {
            return NONE;
        }
        Form form = present.get();
        Optional<CryptoProfile> profile = form.choice("cryptoProfile", CryptoProfile.class);
        Optional<Integer> window =
                form.number("replayWindow", WINDOW_MIN, WINDOW_MAX).map(Math::toIntExact);
        Optional<Encapsulation> encapsulation = form.choice("encapsulation", Encapsulation.class);
        Optional<String> local = Optional.empty();
        Optional<String> remote = Optional.empty();
        if (withIdentities) {
            local = identity(form, "localIdentity");
            remote = identity(form, "remoteIdentity");
        }
        form.finishStrictly();
        return new Sallyport(profile, window, encapsulation, local, remote);
    }

    private static Optional<String> identity(Form form, String name) {
        return form.placedText(name).flatMap(found -> {
            if (found.value().isBlank()
                    || found.value().length() > IDENTITY_MAX
                    || !found.value().chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
                form.wrong(
                        found, "allowed: an address, a name, a mail address, or keyid:TEXT; printable ASCII, 1 to 255");
                return Optional.empty();
            }
            return Optional.of(found.value());
        });
    }
}
