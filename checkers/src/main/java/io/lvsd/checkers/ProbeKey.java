package io.lvsd.checkers;

import io.lvsd.conf.model.Question;

/**
 * What one probe asks. Equal keys are one and the same question to one and the same server, so one answer is good for all
 * who ask.
 *
 * @param url index of the url that is asked for, of a question that has several; else 0
 */
public record ProbeKey(Question.Probed question, int url) {
    public static ProbeKey of(Question.Probed question) {
        return new ProbeKey(question, 0);
    }

    /** As the record's own would be, and faster: this is asked for at each probe. */
    @Override
    public int hashCode() {
        return 31 * question.hashCode() + url;
    }

    /** Whether one answer may serve several. A program may have effects, and is run for each who asks. */
    public boolean isShared() {
        return !(question instanceof Question.Misc);
    }
}
