package io.sallyport.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DescriptorTest {
    @Test
    void whatIsRetiredIsUsedNoMoreButKeepsItsNumberUntilClosed() throws Exception {
        int number = Libc.open("/dev/null", Libc.O_RDWR | Libc.O_CLOEXEC);
        Path shown = Path.of("/proc/self/fd/" + number);
        Descriptor descriptor = new Descriptor(number);
        assertThat(descriptor.number()).isEqualTo(number);
        descriptor.retire();
        assertThat(descriptor.number()).isNegative();
        assertThat(Files.readSymbolicLink(shown)).hasToString("/dev/null");
        descriptor.close();
        int again = Libc.open("/dev/zero", Libc.O_RDWR | Libc.O_CLOEXEC);
        descriptor.close();
        assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + again)))
                .as("closing twice closes nobody else's file")
                .hasToString("/dev/zero");
        Libc.close(again);
    }
}
