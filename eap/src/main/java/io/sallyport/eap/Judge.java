package io.sallyport.eap;

import io.sallyport.base.Bytes;
import java.util.List;

/** Who says whether a chain of certificates is to be believed. May wait for the network. */
public interface Judge {
    /**
     * Judges the other end.
     *
     * @param chain DER, the end entity first
     * @return whom the certificate is made out to
     */
    String judge(List<Bytes> chain) throws Refused;

    /** The chain is not good enough; the message is one line for people. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        public Refused(String detail) {
            super(detail, null, false, false);
        }

        String detail() {
            return String.valueOf(getMessage());
        }
    }
}
