package dev.penstock.batching;

import dev.penstock.schemas.RequestCodec;
import dev.penstock.schemas.RequestCodec.Parsed;
import dev.penstock.work.Call;
import dev.penstock.work.Verdict;

/** Reads stored members again. */
final class StoredMembers {

    private StoredMembers() {}

    /** What a stored member is. */
    sealed interface Read {

        /** A request that may be called for. */
        record Callable(Call call) implements Read {}

        /** None to this version, which admits less than the one that stored it. */
        record Refused(Verdict verdict) implements Read {}
    }

    static Read read(Member member, RequestCodec codec) {
        return switch (codec.parse(member.original())) {
            case Parsed.Accepted accepted ->
                new Read.Callable(
                        new Call(member.ticket(), member.key(), accepted.request(), member.original(), member.route()));
            case Parsed.Refused refused -> new Read.Refused(Verdict.Failure.of(refused.code(), 0, refused.detail()));
        };
    }
}
