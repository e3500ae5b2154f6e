package io.sallyport.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a test shows about a peer that nobody here wrote; docs/interop.md is made of it, with how the test ended. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InteropTable.class)
@interface Shows {
    String STRONGSWAN = "strongSwan";
    String STRONGSWAN_KERNEL = "strongSwan, kernel ESP";
    String LIBRESWAN = "Libreswan, kernel ESP";
    String OPENIKED = "OpenIKED, kernel ESP";
    String VPNC = "vpnc";
    String CHARON_CMD = "charon-cmd";
    String IKE_SCAN = "ike-scan";
    String FREERADIUS = "FreeRADIUS";
    String EAPOL_TEST = "eapol_test (wpa_supplicant)";

    /** The other implementation. */
    String peer();

    /** What was agreed and carried, in a few words. */
    String feature();

    /** Sallyport's part: initiator, responder, both, or what else it was. */
    String role() default "both";
}
