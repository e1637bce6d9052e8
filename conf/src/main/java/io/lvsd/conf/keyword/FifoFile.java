package io.lvsd.conf.keyword;

import io.lvsd.conf.value.RunAs;
import java.nio.file.Path;
import java.util.Optional;

/** A FIFO and its owner, if written. */
public record FifoFile(Path path, Optional<RunAs> owner) {}
