package io.lvsd.snmp.agentx;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.Node;
import io.lvsd.snmp.mib.SampleTree;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** A source whose behaviour a test determines. */
final class FakeSource implements SnmpSource {
    /** A call of {@link SnmpSource#setWeight}. */
    record Weight(Node.Weight server, long weight, String user) {}

    final AtomicInteger calls = new AtomicInteger();
    final List<Weight> weights = new CopyOnWriteArrayList<>();
    volatile Supplier<CompletableFuture<Optional<MibTree>>> trees =
            () -> CompletableFuture.completedFuture(Optional.of(SampleTree.of(42, 3, row -> 10 * row)));
    volatile Function<Weight, CompletableFuture<Boolean>> setting = _ -> CompletableFuture.completedFuture(true);

    @Override
    public CompletableFuture<Optional<MibTree>> tree() {
        calls.incrementAndGet();
        return trees.get();
    }

    /** Changes that were undone. */
    final List<Weight> undone = new CopyOnWriteArrayList<>();

    volatile boolean undoes = true;

    @Override
    public CompletableFuture<Optional<Undo>> setWeight(VsId virtualServer, RsId realServer, long weight, String user) {
        Weight call = new Weight(new Node.Weight(virtualServer, realServer), weight, user);
        weights.add(call);
        return setting.apply(call).thenApply(done -> done ? Optional.of(() -> undo(call)) : Optional.empty());
    }

    private CompletableFuture<Boolean> undo(Weight call) {
        undone.add(call);
        return CompletableFuture.completedFuture(undoes);
    }
}
