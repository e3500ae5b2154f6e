package io.sallyport.ike.v2;

import io.sallyport.ike.Numbers;
import io.sallyport.ike.machine.Roster;
import java.util.List;

/** All IKE SAs of an endpoint, and who owns what. */
final class Sas extends Roster<IkeSa, IkeSa> {
    private final HalfOpen halfOpen = new HalfOpen();
    private final Leases leases = new Leases();

    Sas(Numbers numbers) {
        super(numbers);
    }

    @Override
    protected long spi(IkeSa sa) {
        return sa.ourSpi();
    }

    @Override
    protected String name(IkeSa sa) {
        return sa.name();
    }

    @Override
    protected String config(IkeSa sa) {
        return sa.peer().name();
    }

    @Override
    protected boolean isEstablished(IkeSa sa) {
        return sa.isEstablished();
    }

    @Override
    public void remove(IkeSa sa) {
        super.remove(sa);
        halfOpen.leave(sa);
    }

    HalfOpen halfOpen() {
        return halfOpen;
    }

    Leases leases() {
        return leases;
    }

    /** Others of the same peer and, where clients have addresses, of the same device; the newest first. */
    List<IkeSa> beside(IkeSa sa) {
        return newest(sa.name())
                .filter(other -> other != sa
                        && other.isEstablished()
                        && other.addresses().equals(sa.addresses()))
                .toList();
    }
}
