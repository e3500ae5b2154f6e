package io.sallyport.wire;

import java.util.ArrayList;
import java.util.List;

/** Every address from {@code first} to {@code last}, both included and of one family. */
public record AddressRange(Address first, Address last) {
    public AddressRange {
        if (first.family() != last.family() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException("'" + first + "-" + last + "' is not a range of addresses");
        }
    }

    public boolean contains(Address address) {
        return address.family() == first.family() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    public boolean contains(AddressRange other) {
        return contains(other.first) && contains(other.last);
    }

    /** The fewest prefixes that cover it exactly, in order; at most 254 of them. */
    public List<Prefix> prefixes() {
        List<Prefix> out = new ArrayList<>();
        Address at = first;
        while (true) {
            int length = at.family().bits();
            while (length > 0) {
                Prefix wider = Prefix.containing(at, length - 1);
                if (!wider.address().equals(at) || wider.last().compareTo(last) > 0) {
                    break;
                }
                length--;
            }
            Prefix part = new Prefix(at, length);
            out.add(part);
            if (part.last().equals(last)) {
                return List.copyOf(out);
            }
            at = part.last().next();
        }
    }

    @Override
    public String toString() {
        List<Prefix> parts = prefixes();
        return parts.size() == 1 ? parts.getFirst().toString() : first + "-" + last;
    }
}
