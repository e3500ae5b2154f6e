package io.sallyport.ike.v2.message;

/** IANA's "IKEv2 Notify Message Types": errors below 16384, status from there on. */
public record NotifyType(int code) {
    public static final NotifyType UNSUPPORTED_CRITICAL_PAYLOAD = new NotifyType(1);
    public static final NotifyType INVALID_IKE_SPI = new NotifyType(4);
    public static final NotifyType INVALID_MAJOR_VERSION = new NotifyType(5);
    public static final NotifyType INVALID_SYNTAX = new NotifyType(7);
    public static final NotifyType INVALID_MESSAGE_ID = new NotifyType(9);
    public static final NotifyType INVALID_SPI = new NotifyType(11);
    public static final NotifyType NO_PROPOSAL_CHOSEN = new NotifyType(14);
    public static final NotifyType INVALID_KE_PAYLOAD = new NotifyType(17);
    public static final NotifyType AUTHENTICATION_FAILED = new NotifyType(24);
    public static final NotifyType SINGLE_PAIR_REQUIRED = new NotifyType(34);
    public static final NotifyType NO_ADDITIONAL_SAS = new NotifyType(35);
    public static final NotifyType INTERNAL_ADDRESS_FAILURE = new NotifyType(36);
    public static final NotifyType FAILED_CP_REQUIRED = new NotifyType(37);
    public static final NotifyType TS_UNACCEPTABLE = new NotifyType(38);
    public static final NotifyType INVALID_SELECTORS = new NotifyType(39);
    public static final NotifyType UNACCEPTABLE_ADDRESSES = new NotifyType(40);
    public static final NotifyType UNEXPECTED_NAT_DETECTED = new NotifyType(41);
    public static final NotifyType TEMPORARY_FAILURE = new NotifyType(43);
    public static final NotifyType CHILD_SA_NOT_FOUND = new NotifyType(44);
    public static final NotifyType INITIAL_CONTACT = new NotifyType(16384);
    public static final NotifyType ADDITIONAL_TS_POSSIBLE = new NotifyType(16386);
    public static final NotifyType NAT_DETECTION_SOURCE_IP = new NotifyType(16388);
    public static final NotifyType NAT_DETECTION_DESTINATION_IP = new NotifyType(16389);
    public static final NotifyType COOKIE = new NotifyType(16390);
    public static final NotifyType USE_TRANSPORT_MODE = new NotifyType(16391);
    public static final NotifyType REKEY_SA = new NotifyType(16393);
    public static final NotifyType ESP_TFC_PADDING_NOT_SUPPORTED = new NotifyType(16394);
    public static final NotifyType MOBIKE_SUPPORTED = new NotifyType(16396);
    public static final NotifyType ADDITIONAL_IP4_ADDRESS = new NotifyType(16397);
    public static final NotifyType ADDITIONAL_IP6_ADDRESS = new NotifyType(16398);
    public static final NotifyType NO_ADDITIONAL_ADDRESSES = new NotifyType(16399);
    public static final NotifyType UPDATE_SA_ADDRESSES = new NotifyType(16400);
    public static final NotifyType COOKIE2 = new NotifyType(16401);
    public static final NotifyType NO_NATS_ALLOWED = new NotifyType(16402);
    public static final NotifyType AUTH_LIFETIME = new NotifyType(16403);
    public static final NotifyType MULTIPLE_AUTH_SUPPORTED = new NotifyType(16404);
    public static final NotifyType ANOTHER_AUTH_FOLLOWS = new NotifyType(16405);
    public static final NotifyType EAP_ONLY_AUTHENTICATION = new NotifyType(16417);
    public static final NotifyType IKEV2_FRAGMENTATION_SUPPORTED = new NotifyType(16430);
    public static final NotifyType SIGNATURE_HASH_ALGORITHMS = new NotifyType(16431);

    /** RFC 7296 section 3.10.1. */
    public boolean isError() {
        return code < 16384;
    }

    @Override
    public String toString() {
        return switch (code) {
            case 1 -> "UNSUPPORTED_CRITICAL_PAYLOAD";
            case 4 -> "INVALID_IKE_SPI";
            case 5 -> "INVALID_MAJOR_VERSION";
            case 7 -> "INVALID_SYNTAX";
            case 9 -> "INVALID_MESSAGE_ID";
            case 11 -> "INVALID_SPI";
            case 14 -> "NO_PROPOSAL_CHOSEN";
            case 17 -> "INVALID_KE_PAYLOAD";
            case 24 -> "AUTHENTICATION_FAILED";
            case 34 -> "SINGLE_PAIR_REQUIRED";
            case 35 -> "NO_ADDITIONAL_SAS";
            case 36 -> "INTERNAL_ADDRESS_FAILURE";
            case 37 -> "FAILED_CP_REQUIRED";
            case 38 -> "TS_UNACCEPTABLE";
            case 39 -> "INVALID_SELECTORS";
            case 40 -> "UNACCEPTABLE_ADDRESSES";
            case 41 -> "UNEXPECTED_NAT_DETECTED";
            case 43 -> "TEMPORARY_FAILURE";
            case 44 -> "CHILD_SA_NOT_FOUND";
            case 16384 -> "INITIAL_CONTACT";
            case 16386 -> "ADDITIONAL_TS_POSSIBLE";
            case 16388 -> "NAT_DETECTION_SOURCE_IP";
            case 16389 -> "NAT_DETECTION_DESTINATION_IP";
            case 16390 -> "COOKIE";
            case 16391 -> "USE_TRANSPORT_MODE";
            case 16393 -> "REKEY_SA";
            case 16394 -> "ESP_TFC_PADDING_NOT_SUPPORTED";
            case 16396 -> "MOBIKE_SUPPORTED";
            case 16397 -> "ADDITIONAL_IP4_ADDRESS";
            case 16398 -> "ADDITIONAL_IP6_ADDRESS";
            case 16399 -> "NO_ADDITIONAL_ADDRESSES";
            case 16400 -> "UPDATE_SA_ADDRESSES";
            case 16401 -> "COOKIE2";
            case 16402 -> "NO_NATS_ALLOWED";
            case 16403 -> "AUTH_LIFETIME";
            case 16404 -> "MULTIPLE_AUTH_SUPPORTED";
            case 16405 -> "ANOTHER_AUTH_FOLLOWS";
            case 16417 -> "EAP_ONLY_AUTHENTICATION";
            case 16430 -> "IKEV2_FRAGMENTATION_SUPPORTED";
            case 16431 -> "SIGNATURE_HASH_ALGORITHMS";
            default -> "notify type " + code;
        };
    }
}
