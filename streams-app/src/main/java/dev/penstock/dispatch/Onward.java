package dev.penstock.dispatch;

import dev.penstock.schemas.Source;
import dev.penstock.work.Call;
import dev.penstock.work.Emission;
import dev.penstock.work.Settled;
import dev.penstock.work.SharedEnd;
import dev.penstock.work.SharedSpend;
import dev.penstock.work.Ticket;
import dev.penstock.work.Verdict;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Where what a task has done with goes on to, from the node that the task is of. */
final class Onward {

    private final ProcessorContext<String, Object> context;
    private final DispatchParts parts;

    Onward(ProcessorContext<String, Object> context, DispatchParts parts) {
        this.context = context;
        this.parts = parts;
    }

    /** Sends out what leaves the pipeline; what a shared call cost goes to those first who know whose it is. */
    void emit(Emission emission) {
        SharedSpend.of(emission)
                .ifPresentOrElse(
                        shared ->
                                forward(emission.owner(), shared, parts.routes().shared()),
                        () -> forward(emission.owner(), emission, parts.routes().spent()));
    }

    /**
     * A call is over.
     *
     * @param body of the call; read only if it has an end of its own
     * @param spend what it cost, told of to nobody yet; null for nothing
     * @return those that are to be called for by themselves, of the requests that shared it
     */
    List<Call> ended(CallEntry entry, Supplier<CallBody> body, Verdict verdict, Emission.@Nullable Spend spend) {
        String tenant = entry.ticket().tenant();
        if (entry.ticket().id().isSharedCall()) {
            SharedEnd end = new SharedEnd(entry.ticket(), verdict, spend, entry.lost() > 0, entry.downgraded());
            forward(tenant, end, parts.routes().shared());
            return end.alone();
        }
        if (spend != null) {
            emit(spend);
        }
        CallBody own = body.get();
        Ticket whole = own.ticket(entry);
        // Whoever asks the same later may have a budget again that pays for what the request asked for.
        Ticket ticket = entry.downgraded() ? whole.keepingNoAnswer() : whole;
        Settled settled = new Settled(ticket, own.key(), verdict, own.original(), Source.PROVIDER, entry.lost() > 0);
        forward(tenant, settled, parts.routes().settled());
        return List.of();
    }

    private void forward(String tenant, Object value, String route) {
        context.forward(new Record<>(tenant, value, context.currentSystemTimeMs()), route);
    }
}
