package io.sallyport.api.web;

/** Who may do what. */
@FunctionalInterface
public interface Rights {
    /**
     * Whether {@code caller} may do {@code action}, such as {@code Microsoft.Network/connections/write}, at
     * {@code scope}, an id or the start of one; {@code /} is everything.
     */
    boolean may(Caller caller, String action, String scope);
}
