package io.lvsd.core.sorry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.sorry.SorryFile.UnusableException;
import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.lvsd.sorryserver.setup.PageSetup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of {@code lvsd sorry -f}. */
final class SorryFileTest {
    @TempDir
    private Path directory;

    static List<ListenerSetup> setup(int port, int status) {
        PageSetup page =
                new PageSetup(Optional.empty(), status, "Service temporarily down", 30, "", "", Optional.empty());
        return List.of(new ListenerSetup(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                "sorry_page",
                new Content.Page(page, Map.of(), List.of(), Bypass.NONE)));
    }

    private SorryFile file(String text) throws Exception {
        return new SorryFile(Files.writeString(directory.resolve("sorry.conf"), text));
    }

    @Test
    void itsPageIsServedOnItsAddresses() throws Exception {
        assertEquals(
                setup(8080, 503),
                file("lvsd {\nsorry_page {\nlisten 127.0.0.1:8080\nstatus 503\n}\n}\n")
                        .load(_ -> {}));
    }

    @Test
    void aFileWithErrorsOrWithoutAnAddressCannotBeUsed() throws Exception {
        for (String page : List.of("status 503", "listen 127.0.0.1:80\nstatus 200", "listen 127.0.0.1:80\nroot /")) {
            UnusableException e = assertThrows(
                    UnusableException.class,
                    () -> file("lvsd {\nsorry_page {\n" + page + "\n}\n}\n").load(_ -> {}));
            assertTrue(String.valueOf(e.getMessage()).contains("sorry.conf"), e::getMessage);
        }
    }
}
