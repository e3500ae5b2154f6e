package io.sallyport.engine.path;

import io.sallyport.os.IpSocket;
import io.sallyport.os.UdpTrial;
import io.sallyport.wire.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sockets of one public address. */
final class ListenerSockets implements AutoCloseable {
    private final PathConfig.Listener config;
    private final IpSocket nat;
    private final IpSocket ike;
    private final @Nullable IpSocket raw;
    private final String rawProblem;
    private final Verdict segment;
    private final Verdict gro;

    private ListenerSockets(
            PathConfig.Listener config,
            Verdict segment,
            Verdict gro,
            IpSocket nat,
            IpSocket ike,
            @Nullable IpSocket raw,
            String rawProblem) {
        this.config = config;
        this.segment = segment;
        this.gro = gro;
        this.nat = nat;
        this.ike = ike;
        this.raw = raw;
        this.rawProblem = rawProblem;
    }

    /** Opens all, or none and says why. Without protocol 50 an address still works, by encapsulation. */
    static ListenerSockets open(PathConfig.Listener config, Offloads offloads) throws IOException {
        Endpoint natEnd = new Endpoint(config.address(), config.natPort());
        UdpTrial.Findings found =
                offloads.trial().run(config.address().family(), config.netns(), offloads.udpSegment());
        Verdict segment = offloads.udpSegment() ? Verdict.of(found.segment()) : Verdict.OFF;
        Verdict gro = offloads.udpGro() ? Verdict.of(found.gro()) : Verdict.OFF;
        IpSocket nat = IpSocket.udp(natEnd, config.netns(), segment.use(), gro.use());
        try {
            IpSocket ike = IpSocket.udp(new Endpoint(config.address(), config.ikePort()), config.netns(), false, false);
            try {
                IpSocket raw = IpSocket.esp(config.address(), config.netns());
                return new ListenerSockets(config, segment, gro, nat, ike, raw, "");
            } catch (IOException e) {
                return new ListenerSockets(config, segment, gro, nat, ike, null, String.valueOf(e.getMessage()));
            }
        } catch (IOException e) {
            nat.close();
            throw e;
        }
    }

    PathConfig.Listener config() {
        return config;
    }

    IpSocket nat() {
        return nat;
    }

    IpSocket ike() {
        return ike;
    }

    Optional<IpSocket> raw() {
        return Optional.ofNullable(raw);
    }

    /** What {@code status} says about this address. */
    String describe() {
        return "listener " + nat.local() + ": udp-segment " + segment.words() + ", udp-gro " + gro.words()
                + ", raw ESP " + (rawProblem.isEmpty() ? "in use" : "not available (" + rawProblem + ")");
    }

    /** The NAT port's socket first. */
    List<IpSocket> all() {
        List<IpSocket> all = new ArrayList<>(List.of(nat, ike));
        raw().ifPresent(all::add);
        return List.copyOf(all);
    }

    void retire() {
        all().forEach(IpSocket::retire);
    }

    @Override
    public void close() {
        all().forEach(IpSocket::close);
    }
}
