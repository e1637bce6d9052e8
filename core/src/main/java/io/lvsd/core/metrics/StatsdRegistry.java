package io.lvsd.core.metrics;

import io.lvsd.conf.model.MetricsConfig.StatsdConfig;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.log.LastingFailure;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.step.StepMeterRegistry;
import io.micrometer.core.instrument.step.StepRegistryConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends all meters to a StatsD server at each interval, over UDP. Micrometer's own registry for StatsD brings Reactor and a
 * second Netty along, 6 MB, for the same datagrams.
 */
final class StatsdRegistry extends StepMeterRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(StatsdRegistry.class);
    /** Fits into a frame of Ethernet, with the headers of IPv6. */
    private static final int DATAGRAM = 1_432;
    /** After this number of datagrams there is a pause, as a receiver's buffer is small. */
    private static final int BURST = 64;

    private static final long PAUSE = Duration.ofMillis(1).toNanos();

    private final StatsdConfig config;
    private final Runnable refresh;
    private final LastingFailure sending = new LastingFailure();

    private record Step(Duration step) implements StepRegistryConfig {
        @Override
        public String prefix() {
            return "statsd";
        }

        @Override
        public @Nullable String get(String key) {
            return null;
        }
    }

    /**
     * Starts the thread.
     *
     * @param refresh called before the meters are sent
     */
    StatsdRegistry(StatsdConfig config, String host, Runnable refresh) {
        super(new Step(config.interval()), Clock.SYSTEM);
        this.config = config;
        this.refresh = refresh;
        config().namingConvention(NamingConvention.dot).commonTags("host", host);
        start(Thread.ofPlatform().name("statsd").daemon().factory());
    }

    @Override
    protected TimeUnit getBaseTimeUnit() {
        return TimeUnit.SECONDS;
    }

    @Override
    protected void publish() {
        refresh.run();
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(new InetSocketAddress(config.address(), config.port()));
            Datagrams datagrams = new Datagrams(channel);
            StatsdLines lines = new StatsdLines(config.flavor(), datagrams::add);
            getMeters().forEach(lines::write);
            datagrams.send();
            datagrams.requireSuccess();
            if (sending.isActive()) {
                sending.recovered(LOG.atInfo()).log("statsd.recovered");
            }
        } catch (IOException e) {
            if (sending.failed()) {
                LOG.atWarn()
                        .addKeyValue("address", config.address().getHostAddress() + ":" + config.port())
                        .addKeyValue(
                                "reason",
                                e instanceof PortUnreachableException
                                        ? "no program listens on this port"
                                        : IoReason.of(e))
                        .addKeyValue("effect", "metrics of this interval are lost")
                        .log("statsd.failed");
            }
        }
    }

    /** Lines, several in a datagram. An error, such as a refusal by the receiver's host, does not stop the others. */
    private static final class Datagrams {
        private final DatagramChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM);
        private int sent;
        private @Nullable IOException failure;

        Datagrams(DatagramChannel channel) {
            this.channel = channel;
        }

        void add(String line) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            if (bytes.length + 1 > buffer.remaining()) {
                send();
            }
            if (bytes.length < DATAGRAM) {
                buffer.put(bytes).put((byte) '\n');
            }
        }

        void send() {
            if (buffer.position() == 0) {
                return;
            }
            try {
                int _ = channel.write(buffer.flip());
            } catch (IOException e) {
                failure = e;
            }
            buffer.clear();
            if (++sent % BURST == 0) {
                LockSupport.parkNanos(PAUSE);
            }
        }

        void requireSuccess() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }
    }
}
