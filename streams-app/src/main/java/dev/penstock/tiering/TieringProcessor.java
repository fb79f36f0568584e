package dev.penstock.tiering;

import dev.penstock.schemas.Request;
import dev.penstock.tiering.TieringDecision.Refused;
import dev.penstock.tiering.TieringDecision.Routed;
import dev.penstock.work.Call;
import dev.penstock.work.Lead;
import dev.penstock.work.Settled;
import dev.penstock.work.Verdict;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Gives each request its route. */
final class TieringProcessor extends ContextualProcessor<String, Lead, String, Object> {

    private final TieringPolicy policy;
    private final TieringListener listener;
    private final TieringRoutes routes;

    TieringProcessor(TieringPolicy policy, TieringListener listener, TieringRoutes routes) {
        this.policy = policy;
        this.listener = listener;
        this.routes = routes;
    }

    @Override
    public void process(Record<String, Lead> record) {
        Lead lead = record.value();
        Request request = lead.request();
        switch (policy.decide(request)) {
            case Routed routed -> {
                listener.routed(routed.route());
                context()
                        .forward(
                                record.withValue(
                                        new Call(lead.ticket(), lead.key(), request, lead.original(), routed.route())),
                                routes.routed());
            }
            case Refused refused ->
                context()
                        .forward(
                                record.withValue(new Settled(
                                        lead.ticket(),
                                        lead.key(),
                                        Verdict.Failure.of(refused.code(), 0, refused.detail()),
                                        lead.original())),
                                routes.settled());
        }
    }
}
