package io.lvsd.conf.value;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A file that contains a number.
 *
 * @param weight factor of the number for checks that name none
 * @param reverse whether that factor is to be negated
 * @param init written at start if the file is missing; empty: never
 * @param overwrite written at start even if the file is there
 */
public record TrackFile(String name, Path file, long weight, boolean reverse, OptionalInt init, boolean overwrite) {}
