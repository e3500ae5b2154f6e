package io.sallyport.radius;

import io.sallyport.base.Bytes;
import io.sallyport.wire.Writer;

/**
 * One attribute.
 *
 * @param value 1 to 253 octets
 */
record Attribute(int type, Bytes value) {
    static final int USER_NAME = 1;
    static final int USER_PASSWORD = 2;
    static final int NAS_IP_ADDRESS = 4;
    static final int SERVICE_TYPE = 6;
    static final int FRAMED_IP_ADDRESS = 8;
    static final int FILTER_ID = 11;
    static final int FRAMED_MTU = 12;
    static final int REPLY_MESSAGE = 18;
    static final int STATE = 24;
    static final int CLASS = 25;
    static final int VENDOR = 26;
    static final int SESSION_TIMEOUT = 27;
    static final int CALLING_STATION = 31;
    static final int NAS_IDENTIFIER = 32;
    static final int ACCT_STATUS = 40;
    static final int ACCT_DELAY = 41;
    static final int ACCT_INPUT_OCTETS = 42;
    static final int ACCT_OUTPUT_OCTETS = 43;
    static final int ACCT_SESSION_ID = 44;
    static final int ACCT_SESSION_TIME = 46;
    static final int ACCT_INPUT_PACKETS = 47;
    static final int ACCT_OUTPUT_PACKETS = 48;
    static final int ACCT_TERMINATE_CAUSE = 49;
    static final int ACCT_INPUT_GIGAWORDS = 52;
    static final int ACCT_OUTPUT_GIGAWORDS = 53;
    static final int EVENT_TIMESTAMP = 55;
    static final int NAS_PORT_TYPE = 61;
    static final int EAP_MESSAGE = 79;
    static final int MESSAGE_AUTHENTICATOR = 80;
    static final int ACCT_INTERIM_INTERVAL = 85;
    static final int NAS_IPV6_ADDRESS = 95;
    static final int FRAMED_IPV6_ADDRESS = 168;

    static final int VALUE_MAX = 253;

    static Attribute number(int type, long value) {
        return new Attribute(type, new Writer().u32(value & 0xffff_ffffL).toBytes());
    }

    /** What is too long for an attribute is cut; empty ones are not allowed and say a dash. */
    static Attribute text(int type, String value) {
        Bytes utf8 = Bytes.utf8(value.isEmpty() ? "-" : value);
        return new Attribute(type, utf8.size() <= VALUE_MAX ? utf8 : utf8.slice(0, VALUE_MAX));
    }

    /** May hold a password or a key. */
    @Override
    public String toString() {
        return "Attribute[" + type + ", " + value.size() + " octets]";
    }
}
