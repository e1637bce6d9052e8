package io.lvsd.checkers.probe;

import io.lvsd.conf.model.Question;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one probe asks. Equal keys are one and the same question to one and the same server, so one answer is good for all
 * who ask. Knows its hash code: it is looked for several times a probe.
 */
public final class ProbeKey {
    private final Question.Probed question;
    private final int url;
    private final int hash;

    /** @param url index of the url that is asked for, of a question that has several; else 0 */
    public ProbeKey(Question.Probed question, int url) {
        this.question = question;
        this.url = url;
        this.hash = 31 * question.hashCode() + url;
    }

    public static ProbeKey of(Question.Probed question) {
        return new ProbeKey(question, 0);
    }

    /** One for each url of a question, in order; none for what nobody asks. */
    public static List<ProbeKey> all(Question question) {
        return switch (question) {
            case Question.Http http ->
                IntStream.range(0, http.urls().size())
                        .mapToObj(i -> new ProbeKey(http, i))
                        .toList();
            case Question.Probed probed -> List.of(of(probed));
            case Question.File _, Question.Bfd _, Question.Unusable _ -> List.of();
        };
    }

    public Question.Probed question() {
        return question;
    }

    /** Index of the url that is asked for; else 0. */
    public int url() {
        return url;
    }

    /** Whether one answer may serve several. A program may have effects, and is run for each who asks. */
    public boolean isShared() {
        return !(question instanceof Question.Misc);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof ProbeKey key && hash == key.hash && url == key.url && question.equals(key.question);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return question + " url " + url;
    }
}
