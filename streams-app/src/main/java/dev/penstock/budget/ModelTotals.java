package dev.penstock.budget;

import dev.penstock.work.Emission;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a tenant spends on each model in the days and months that its ledger counts. The shares of a period add up to what
 * its meter says is used. Models past the first so many of a period share one name, so that the record stays small whoever
 * names models.
 */
record ModelTotals(List<ModelShare> shares) {

    static final ModelTotals NONE = new ModelTotals(List.of());

    /** Models of one period that have a share of their own. */
    static final int MOST = 32;

    /** Stands for all models beyond those, and for a name that is longer than any model's. */
    static final String OTHERS = "others";

    private static final int LONGEST_NAME = 200;

    ModelTotals {
        shares = List.copyOf(shares);
    }

    /** The name under which a model is counted. */
    static String named(String model) {
        return model.length() <= LONGEST_NAME ? model : OTHERS;
    }

    /** Counts a charge where the ledger counts it. */
    ModelTotals plus(Ledger ledger, Charge charge) {
        return changed(
                ledger, charge, charge.amount().countedUsd(), charge.amount().countedTokens());
    }

    /** Takes back a charge that was counted. */
    ModelTotals minus(Ledger ledger, Charge charge) {
        return changed(
                ledger,
                charge,
                charge.amount().countedUsd().negate(),
                charge.amount().countedTokens().negate());
    }

    private ModelTotals changed(Ledger ledger, Charge charge, BigDecimal usd, BigDecimal tokens) {
        List<ModelShare> changed = new ArrayList<>(shares);
        for (Meter meter : ledger.meters()) {
            boolean counts = meter.isOfCalendar()
                    && charge.meters().contains(meter.serial())
                    && !charge.at().isBefore(meter.period().start());
            if (counts) {
                add(changed, empty(changed, meter, meter.startAt(charge.at()), charge.model()), usd, tokens);
            }
        }
        return new ModelTotals(changed);
    }

    private static ModelShare empty(List<ModelShare> shares, Meter meter, Instant start, String model) {
        List<ModelShare> period = shares.stream()
                .filter(share ->
                        share.serial() == meter.serial() && share.start().equals(start))
                .toList();
        boolean own = period.size() < MOST
                || period.stream().anyMatch(share -> share.model().equals(model));
        return new ModelShare(
                meter.serial(),
                meter.window().text(),
                own ? model : OTHERS,
                start,
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                false);
    }

    private static void add(List<ModelShare> shares, ModelShare place, BigDecimal usd, BigDecimal tokens) {
        for (int i = 0; i < shares.size(); i++) {
            ModelShare share = shares.get(i);
            if (share.serial() == place.serial()
                    && share.start().equals(place.start())
                    && share.model().equals(place.model())) {
                shares.set(i, share.plus(usd, tokens));
                return;
            }
        }
        shares.add(place.plus(usd, tokens));
    }

    /** What the budgets topic does not say yet: shares that changed, and those that a new period has emptied. */
    List<Emission.Standing> untold(String tenant, Ledger ledger) {
        List<Emission.Standing> untold = new ArrayList<>();
        for (Meter meter : ledger.meters()) {
            for (ModelShare share : ofWindow(meter)) {
                if (share.isCurrent(meter) && !share.told()) {
                    untold.add(Emission.Standing.of(BudgetStatusPolicy.of(tenant, meter, share, ledger.asOf())));
                } else if (!share.isLive(meter) && !hasCurrent(meter, share.model())) {
                    untold.add(share.gone(tenant));
                }
            }
        }
        return untold;
    }

    /** That none of it is counted any more. */
    List<Emission.Standing> gone(String tenant) {
        return shares.stream().map(share -> share.gone(tenant)).distinct().toList();
    }

    private boolean hasCurrent(Meter meter, String model) {
        return shares.stream()
                .anyMatch(share -> share.isCurrent(meter) && share.model().equals(model));
    }

    private List<ModelShare> ofWindow(Meter meter) {
        return shares.stream()
                .filter(share -> share.window().equals(meter.window().text()))
                .toList();
    }

    /** The same when all of it has been told: what is over is forgotten. */
    ModelTotals told(Ledger ledger) {
        List<ModelShare> kept = new ArrayList<>();
        for (Meter meter : ledger.meters()) {
            ofWindow(meter).stream()
                    .filter(share -> share.isLive(meter))
                    .map(share -> share.isCurrent(meter) ? share.asTold() : share)
                    .forEach(kept::add);
        }
        return new ModelTotals(kept);
    }
}
