package io.sallyport.api.network;

/** Microsoft.Network/networkInterfaces: stored. */
final class Interfaces implements Behaviour {
    @Override
    public String type() {
        return Neighbours.INTERFACES;
    }
}
