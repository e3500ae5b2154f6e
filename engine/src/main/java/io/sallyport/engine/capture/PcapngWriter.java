package io.sallyport.engine.capture;

import io.sallyport.base.Bytes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;

/**
 * Writes a pcapng file (draft-ietf-opsawg-pcapng): one section, the interfaces "outer" and "inner", and a block for each
 * packet with its direction. Numbers are little-endian; times count nanoseconds. A file that is cut off anywhere can
 * still be read up to there.
 *
 * <p>Packets have an Ethernet header of zeros before them: files of several interfaces whose packets begin with IP
 * (LINKTYPE_RAW) are refused by libpcap 1.10, and so by tcpdump.
 */
final class PcapngWriter {
    static final int OUTER = 0;
    static final int INNER = 1;

    private static final int SECTION = 0x0a0d0d0a;
    private static final int BYTE_ORDER = 0x1a2b3c4d;
    private static final int INTERFACE = 1;
    private static final int STATISTICS = 5;
    private static final int PACKET = 6;
    private static final int ETHERNET = 1;
    private static final int ETHERNET_HEADER = 14;
    private static final int ETHERTYPE_AT = 12;
    private static final byte[] IPV4 = {0x08, 0x00};
    private static final byte[] IPV6 = {(byte) 0x86, (byte) 0xdd};

    private static final int OPTION_COMMENT = 1;
    private static final int INTERFACE_NAME = 2;
    private static final int INTERFACE_RESOLUTION = 9;
    private static final int PACKET_FLAGS = 2;
    private static final int STATISTICS_RECEIVED = 4;
    private static final int STATISTICS_DROPPED = 5;
    private static final byte NANOSECONDS = 9;
    private static final int FLAG_IN = 1;
    private static final int FLAG_OUT = 2;
    private static final int BLOCK_MAX = 70_000;

    private final OutputStream out;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private final int packetOctetsMax;
    private final long fileOctetsMax;
    private final long[] packets = new long[2];
    private long written;
    private long unwritten;

    PcapngWriter(Path file, String name, int packetOctetsMax, long fileOctetsMax) throws IOException {
        this.packetOctetsMax = packetOctetsMax;
        this.fileOctetsMax = fileOctetsMax;
        this.out = new BufferedOutputStream(
                Channels.newOutputStream(FileChannel.open(
                        file,
                        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))),
                1 << 16);
        begin(SECTION);
        block.putInt(BYTE_ORDER).putShort((short) 1).putShort((short) 0).putLong(-1);
        option(OPTION_COMMENT, "Sallyport: " + name);
        end();
        describe("outer");
        describe("inner");
    }

    private void describe(String name) throws IOException {
        begin(INTERFACE);
        block.putShort((short) ETHERNET).putShort((short) 0).putInt(ETHERNET_HEADER + packetOctetsMax);
        option(INTERFACE_NAME, name);
        option(INTERFACE_RESOLUTION, new byte[] {NANOSECONDS});
        end();
    }

    /**
     * Writes a packet, unless the file is full.
     *
     * @param octets as much of it as there is
     * @param length of the whole packet
     */
    void packet(int device, Recorder.Direction direction, Instant at, Bytes octets, int length, String comment)
            throws IOException {
        int kept = Math.min(Math.min(octets.size(), length), packetOctetsMax);
        begin(PACKET);
        long nanos = at.getEpochSecond() * 1_000_000_000L + at.getNano();
        block.putInt(device)
                .putInt((int) (nanos >>> 32))
                .putInt((int) nanos)
                .putInt(ETHERNET_HEADER + kept)
                .putInt(ETHERNET_HEADER + length);
        block.put(new byte[ETHERTYPE_AT]).put(octets.size() > 0 && octets.at(0) >>> 4 == 6 ? IPV6 : IPV4);
        block.put(octets.toArray(), 0, kept);
        pad();
        int flags = switch (direction) {
            case IN -> FLAG_IN;
            case OUT -> FLAG_OUT;
        };
        option(PACKET_FLAGS, new byte[] {(byte) flags, 0, 0, 0});
        if (!comment.isEmpty()) {
            option(OPTION_COMMENT, comment);
        }
        if (end()) {
            packets[device]++;
        } else {
            unwritten++;
        }
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Ends the file with what was counted; {@code dropped} packets never reached the writer. */
    void end(long dropped) throws IOException {
        try (out) {
            long lost = dropped + unwritten;
            for (int device = 0; device < packets.length; device++) {
                begin(STATISTICS);
                Instant now = Instant.now();
                long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
                block.putInt(device).putInt((int) (nanos >>> 32)).putInt((int) nanos);
                option(STATISTICS_RECEIVED, number(packets[device]));
                option(STATISTICS_DROPPED, number(lost));
                finish();
                out.write(block.array(), 0, block.position());
            }
        }
    }

    private void begin(int type) {
        block.clear();
        block.putInt(type).putInt(0);
    }

    /** Writes the block, or nothing when the file would grow too large. */
    private boolean end() throws IOException {
        finish();
        if (written + block.position() > fileOctetsMax) {
            return false;
        }
        out.write(block.array(), 0, block.position());
        written += block.position();
        return true;
    }

    /** The block's length stands at both of its ends. */
    private void finish() {
        block.putInt(0);
        int total = block.position() + 4;
        block.putInt(4, total);
        block.putInt(total);
    }

    private void option(int code, String text) {
        option(code, text.getBytes(StandardCharsets.UTF_8));
    }

    private void option(int code, byte[] value) {
        block.putShort((short) code).putShort((short) value.length).put(value);
        pad();
    }

    private void pad() {
        while (block.position() % 4 != 0) {
            block.put((byte) 0);
        }
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
