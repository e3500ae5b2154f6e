package io.sallyport.api.arm;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with a request, so that a person need not find one mistake per attempt. */
public final class Complaints {
    private static final int MAX = 100;

    private final List<ArmError> found = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** A complaint of status 400. */
    public void add(String code, String target, String message) {
        add(ArmError.of(400, code, message, target));
    }

    public void add(ArmError error) {
        if (found.size() < MAX && !found.contains(error)) {
            found.add(error);
        }
    }

    /** Something that works but that a person would want to know. */
    public void warn(String target, String message) {
        String line = target + ": " + message;
        if (warnings.size() < MAX && !warnings.contains(line)) {
            warnings.add(line);
        }
    }

    public boolean any() {
        return !found.isEmpty();
    }

    public List<ArmError> all() {
        return List.copyOf(found);
    }

    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The first complaint, with all of them as details when there are several. */
    public ArmError error() {
        ArmError first = found.getFirst();
        return found.size() == 1
                ? first
                : new ArmError(first.status(), first.code(), first.message(), first.target(), found);
    }

    /** @throws Refused when there is any complaint */
    public void refuseIfAny() throws Refused {
        if (any()) {
            throw new Refused(error());
        }
    }
}
