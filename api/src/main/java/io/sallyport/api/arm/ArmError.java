package io.sallyport.api.arm;

import java.util.List;

/**
 * Azure's error.
 *
 * @param status of HTTP
 * @param code one of Azure's words, such as {@code ResourceNotFound}
 * @param message one clear sentence: what was found and what is allowed; never a secret
 * @param target which property or resource; may be empty
 */
public record ArmError(int status, String code, String message, String target, List<ArmError> details) {
    public ArmError {
        details = List.copyOf(details);
    }

    public static ArmError of(int status, String code, String message) {
        return new ArmError(status, code, message, "", List.of());
    }

    public static ArmError of(int status, String code, String message, String target) {
        return new ArmError(status, code, message, target, List.of());
    }
}
