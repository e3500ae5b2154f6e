package io.sallyport.api.web;

import io.sallyport.api.arm.Refused;
import io.sallyport.api.arm.Reply;

/**
 * One line of the table of routes.
 *
 * @param pattern segments: words are matched without regard to case, <code>{name}</code> matches any segment, a last
 *     <code>{*name}</code> any number of them, a first <code>{scope}</code> any id or none
 */
public record Route(String method, String pattern, Access access, Handler handler) {
    /** What runs. */
    @FunctionalInterface
    public interface Handler {
        Reply answer(Call call) throws Refused;
    }

    public static Route open(String method, String pattern, Handler handler) {
        return new Route(method, pattern, Access.OPEN, handler);
    }

    public static Route signedIn(String method, String pattern, Handler handler) {
        return new Route(method, pattern, Access.SIGNED_IN, handler);
    }

    public static Route needs(String action, String method, String pattern, Handler handler) {
        return new Route(method, pattern, new Access.Needs(action), handler);
    }
}
