package io.sallyport.engine.control;

import io.sallyport.engine.path.PacketPath;
import java.io.IOException;

/** Makes the packet path that a control thread will drive. */
public interface PathMaker {
    /**
     * An idle path that tells {@code listener} what happens.
     *
     * @throws IOException with one clear line: what is missing on this machine
     */
    PacketPath make(PacketPath.Listener listener) throws IOException;
}
