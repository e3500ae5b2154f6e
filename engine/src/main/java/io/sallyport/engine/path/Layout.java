package io.sallyport.engine.path;

import io.sallyport.engine.capture.Tap;
import io.sallyport.forward.NextHop;
import io.sallyport.forward.RouteTable;
import io.sallyport.os.IpSocket;
import io.sallyport.os.Tun;
import io.sallyport.wire.Address;
import io.sallyport.wire.Endpoint;
import io.sallyport.wire.Prefix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The devices, sockets and routes that run, and how they come to fit a {@link PathConfig}. Control thread only. */
final class Layout implements AutoCloseable {
    private final PacketPath.Listener listener;
    private final Counts counts;
    private final ChildTable children;
    private final Offloads offloads;
    private final Function<String, Peer> peers;
    private final Tap tap;
    private SequencedMap<PathConfig.Surface, SurfaceThread> surfaces = new LinkedHashMap<>();
    private SequencedMap<PathConfig.Listener, ListenerThread> listeners = new LinkedHashMap<>();
    private final SequencedMap<String, Vnet> vnetOfPeer = new LinkedHashMap<>();
    private SequencedSet<Installed> installed = new LinkedHashSet<>();

    Layout(
            PacketPath.Listener listener,
            Counts counts,
            ChildTable children,
            Offloads offloads,
            Function<String, Peer> peers,
            Tap tap) {
        this.listener = listener;
        this.counts = counts;
        this.children = children;
        this.offloads = offloads;
        this.peers = peers;
        this.tap = tap;
    }

    /** All or nothing: first everything new is opened, then routes change, then what is no longer wanted goes. */
    void configure(PathConfig next) throws IOException {
        List<AutoCloseable> opened = new ArrayList<>();
        SequencedMap<PathConfig.Listener, ListenerThread> nextListeners = new LinkedHashMap<>();
        SequencedMap<PathConfig.Surface, SurfaceThread> nextSurfaces = new LinkedHashMap<>();
        SequencedMap<String, Vnet> nextVnets = new LinkedHashMap<>();
        SequencedSet<Installed> nextRoutes = new LinkedHashSet<>();
        List<Installed> added = new ArrayList<>();
        try {
            for (PathConfig.Listener wanted : next.listeners()) {
                ListenerThread running = listeners.get(wanted);
                if (running == null) {
                    running = new ListenerThread(open(wanted), children, listener, counts, tap);
                    opened.add(running);
                }
                nextListeners.put(wanted, running);
            }
            SequencedMap<PathConfig.Surface, Tun> devices = new LinkedHashMap<>();
            for (PathConfig.Surface wanted : next.surfaces()) {
                SurfaceThread running = surfaceLike(wanted);
                Tun tun = running != null ? running.device() : openDevice(wanted);
                if (running == null) {
                    opened.add(tun);
                }
                devices.put(wanted, tun);
            }
            for (PathConfig.Surface surface : next.surfaces()) {
                nextVnets.putIfAbsent(surface.vnet(), vnet(next, surface.vnet(), devices));
            }
            for (PathConfig.Surface wanted : next.surfaces()) {
                SurfaceThread running = surfaceLike(wanted);
                if (running == null) {
                    running = new SurfaceThread(
                            devicesOf(devices, wanted), vnetOf(nextVnets, wanted.vnet()), listener, counts, tap);
                    opened.add(running);
                }
                nextSurfaces.put(wanted, running);
                for (Installed each : Installed.of(next, wanted)) {
                    nextRoutes.add(each);
                    if (!installed.contains(each)) {
                        add(each, wanted, nextSurfaces);
                        added.add(each);
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            undo(opened, added, nextSurfaces);
            throw e;
        }
        for (Installed each : installed) {
            if (!nextRoutes.contains(each)) {
                change(each, surfaces, false);
            }
        }
        publish(next, nextListeners, nextSurfaces, nextVnets, nextRoutes);
    }

    private ListenerSockets open(PathConfig.Listener wanted) throws PathFailure {
        try {
            return ListenerSockets.open(wanted, offloads);
        } catch (IOException e) {
            throw PathFailure.of(wanted, e);
        }
    }

    private Tun openDevice(PathConfig.Surface wanted) throws PathFailure {
        try {
            return Tun.open(wanted.device(), wanted.netns(), wanted.mtu(), offloads.tun());
        } catch (IOException e) {
            throw PathFailure.of(wanted, e);
        }
    }

    private static void add(
            Installed each, PathConfig.Surface surface, SequencedMap<PathConfig.Surface, SurfaceThread> among)
            throws PathFailure {
        try {
            change(each, among, true);
        } catch (IOException e) {
            throw each.refused(surface, e);
        }
    }

    private void publish(
            PathConfig next,
            SequencedMap<PathConfig.Listener, ListenerThread> nextListeners,
            SequencedMap<PathConfig.Surface, SurfaceThread> nextSurfaces,
            SequencedMap<String, Vnet> nextVnets,
            SequencedSet<Installed> nextRoutes) {
        nextListeners.forEach((wanted, thread) -> {
            if (!listeners.containsKey(wanted)) {
                thread.start();
            }
        });
        nextSurfaces.forEach((wanted, thread) -> {
            thread.route(vnetOf(nextVnets, wanted.vnet()));
            if (!surfaces.containsValue(thread)) {
                thread.start();
            }
        });
        SequencedMap<PathConfig.Listener, ListenerThread> oldListeners = listeners;
        SequencedMap<PathConfig.Surface, SurfaceThread> oldSurfaces = surfaces;
        listeners = nextListeners;
        surfaces = nextSurfaces;
        installed = nextRoutes;
        vnetOfPeer.clear();
        next.tunnels().forEach(t -> vnetOfPeer.put(t.peer(), vnetOf(nextVnets, t.vnet())));
        retire(
                oldListeners.values().stream()
                        .filter(t -> !nextListeners.containsValue(t))
                        .toList(),
                oldSurfaces.values().stream()
                        .filter(t -> !nextSurfaces.containsValue(t))
                        .toList());
    }

    /**
     * Closes what no longer runs. Other packet threads may be sending through these sockets and writing to these devices,
     * so nothing is closed before each of them has let go.
     */
    private void retire(List<ListenerThread> oldListeners, List<SurfaceThread> oldSurfaces) {
        if (oldListeners.isEmpty() && oldSurfaces.isEmpty()) {
            return;
        }
        oldListeners.forEach(ListenerThread::stop);
        oldSurfaces.forEach(SurfaceThread::stop);
        oldListeners.forEach(t -> t.sockets().retire());
        oldSurfaces.forEach(t -> t.device().retire());
        listeners.values().forEach(ListenerThread::letGo);
        surfaces.values().forEach(SurfaceThread::letGo);
        oldListeners.forEach(ListenerThread::close);
        oldSurfaces.forEach(SurfaceThread::close);
    }

    private static void undo(
            List<AutoCloseable> opened,
            List<Installed> added,
            SequencedMap<PathConfig.Surface, SurfaceThread> nextSurfaces) {
        for (Installed each : added) {
            try {
                change(each, nextSurfaces, false);
            } catch (IOException e) {
                // The device is about to go, and its routes with it.
            }
        }
        for (AutoCloseable each : opened.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing what was just opened", e);
            }
        }
    }

    /** A device stays when its name, namespace and MTU stay; the rest of a surface is routing. */
    private @Nullable SurfaceThread surfaceLike(PathConfig.Surface wanted) {
        for (var entry : surfaces.entrySet()) {
            PathConfig.Surface known = entry.getKey();
            if (known.device().equals(wanted.device())
                    && known.netns().equals(wanted.netns())
                    && known.mtu() == wanted.mtu()) {
                return entry.getValue();
            }
        }
        return null;
    }

    private Vnet vnet(PathConfig next, String name, SequencedMap<PathConfig.Surface, Tun> devices) {
        List<RouteTable.Route> routes = new ArrayList<>();
        List<Tun> own = new ArrayList<>();
        List<Address> icmp = new ArrayList<>();
        devices.forEach((surface, tun) -> {
            if (surface.vnet().equals(name)) {
                for (Prefix prefix : surface.prefixes()) {
                    routes.add(new RouteTable.Route(prefix, new NextHop.Surface(own.size())));
                }
                own.add(tun);
                icmp.addAll(surface.icmpSource());
            }
        });
        List<Peer> tunnels = new ArrayList<>();
        for (PathConfig.Tunnel tunnel : next.tunnels()) {
            if (tunnel.vnet().equals(name)) {
                for (Address address : tunnel.own()) {
                    routes.add(new RouteTable.Route(Prefix.host(address), new NextHop.Surface(0)));
                }
                for (Prefix prefix : tunnel.remotePrefixes()) {
                    routes.add(new RouteTable.Route(prefix, new NextHop.Tunnel(tunnels.size())));
                }
                tunnels.add(peers.apply(tunnel.peer()));
            }
        }
        return new Vnet(RouteTable.of(routes), own, tunnels, icmp);
    }

    private static void change(Installed each, SequencedMap<PathConfig.Surface, SurfaceThread> among, boolean add)
            throws IOException {
        for (var entry : among.entrySet()) {
            if (each.isOn(entry.getKey())) {
                if (add) {
                    each.add(entry.getValue().device());
                } else {
                    each.remove(entry.getValue().device());
                }
            }
        }
    }

    private static Tun devicesOf(SequencedMap<PathConfig.Surface, Tun> devices, PathConfig.Surface surface) {
        Tun tun = devices.get(surface);
        if (tun == null) {
            throw new IllegalStateException("no device for " + surface);
        }
        return tun;
    }

    private static Vnet vnetOf(SequencedMap<String, Vnet> among, String name) {
        Vnet vnet = among.get(name);
        if (vnet == null) {
            throw new IllegalStateException("no VNet " + name);
        }
        return vnet;
    }

    /** The VNet that a peer's tunnel belongs to. */
    @Nullable
    Vnet vnetOf(String peer) {
        return vnetOfPeer.get(peer);
    }

    /** The UDP socket at {@code local}. */
    @Nullable
    IpSocket udp(Endpoint local) {
        for (ListenerThread each : listeners.values()) {
            if (each.sockets().nat().local().equals(local)) {
                return each.sockets().nat();
            }
            if (each.sockets().ike().local().equals(local)) {
                return each.sockets().ike();
            }
        }
        return null;
    }

    boolean isNat(IpSocket socket) {
        return listeners.values().stream().anyMatch(l -> l.sockets().nat() == socket);
    }

    @Nullable
    IpSocket raw(Endpoint local) {
        return listenerOn(local.address()).flatMap(l -> l.sockets().raw()).orElse(null);
    }

    /** What the machine's route from one to the other carries; 0: unknown. */
    int pathMtu(Address local, Address remote) {
        Optional<String> netns =
                listenerOn(local).flatMap(l -> l.sockets().config().netns());
        try {
            return IpSocket.pathMtu(local, remote, netns);
        } catch (IOException e) {
            return 0;
        }
    }

    private Optional<ListenerThread> listenerOn(Address address) {
        return listeners.values().stream()
                .filter(l -> l.sockets().config().address().equals(address))
                .findFirst();
    }

    List<String> capabilities() {
        List<String> out = new ArrayList<>();
        for (SurfaceThread each : surfaces.values()) {
            out.add("device " + each.device().name() + ": "
                    + offloads.describe(each.device().offload()));
        }
        for (ListenerThread each : listeners.values()) {
            out.add(each.sockets().describe());
        }
        return out;
    }

    @Override
    public void close() {
        List<ListenerThread> oldListeners = List.copyOf(listeners.values());
        List<SurfaceThread> oldSurfaces = List.copyOf(surfaces.values());
        listeners = new LinkedHashMap<>();
        surfaces = new LinkedHashMap<>();
        retire(oldListeners, oldSurfaces);
    }
}
