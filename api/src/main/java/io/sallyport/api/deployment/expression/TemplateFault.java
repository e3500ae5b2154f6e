package io.sallyport.api.deployment.expression;

/** A template cannot be carried out; the message is one sentence and never shows a value that could be a secret. */
public final class TemplateFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    public TemplateFault(String message) {
        this("InvalidTemplate", message);
    }

    public TemplateFault(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** Azure's word. */
    public String code() {
        return code;
    }

    /** The same with the place in front. */
    public TemplateFault at(String place) {
        String text = String.valueOf(getMessage());
        return text.startsWith("at ") ? this : new TemplateFault(code, "at " + place + ": " + text);
    }
}
