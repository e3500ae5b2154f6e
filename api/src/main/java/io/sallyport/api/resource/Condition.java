package io.sallyport.api.resource;

import io.sallyport.api.arm.ArmError;
import io.sallyport.api.arm.ArmId;
import io.sallyport.api.arm.Complaints;
import io.sallyport.api.web.Request;
import java.util.List;
import java.util.Optional;

/**
 * What a client says about the state it knows ({@code If-Match}, {@code If-None-Match}; RFC 9110 sections 13.1.1 and
 * 13.1.2).
 */
record Condition(Optional<String> match, Optional<String> noneMatch) {
    static final Condition NONE = new Condition(Optional.empty(), Optional.empty());

    static Condition of(Request request) {
        return new Condition(request.header("If-Match"), request.header("If-None-Match"));
    }

    /** Complains with status 412 unless it holds for the tag of what is there. */
    void check(ArmId id, Optional<String> tag, Complaints complaints) {
        boolean matches = match.isEmpty() || tag.isPresent() && contains(match.get(), tag.get());
        boolean differs = noneMatch.isEmpty() || tag.isEmpty() || !contains(noneMatch.get(), tag.get());
        if (!matches) {
            complaints.add(failed(
                    id,
                    tag.isEmpty()
                            ? "If-Match is given, but there is no such resource"
                            : "the etag in If-Match is not the resource's present one, " + tag.get()
                                    + "; read it again and repeat the change"));
        } else if (!differs) {
            complaints.add(failed(id, "If-None-Match is given, but the resource is there already"));
        }
    }

    private static ArmError failed(ArmId id, String message) {
        return ArmError.of(412, "PreconditionFailed", message, id.toString());
    }

    private static boolean contains(String header, String tag) {
        return header.trim().equals("*")
                || List.of(header.split(",", -1)).stream().anyMatch(t -> bare(t).equals(bare(tag)));
    }

    /** Weak and strong are the same here; some clients lose the quotes. */
    private static String bare(String tag) {
        String trimmed = tag.trim();
        String strong = trimmed.startsWith("W/") ? trimmed.substring(2) : trimmed;
        return strong.replace("\"", "");
    }
}
