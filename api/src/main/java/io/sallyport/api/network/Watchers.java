package io.sallyport.api.network;

/** Microsoft.Network/networkWatchers: stored. */
final class Watchers implements Behaviour {
    @Override
    public String type() {
        return Neighbours.WATCHERS;
    }
}
