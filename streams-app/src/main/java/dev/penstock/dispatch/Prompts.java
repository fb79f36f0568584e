package dev.penstock.dispatch;

import dev.penstock.config.TargetConfig;
import dev.penstock.schemas.Trim;
import dev.penstock.work.PromptFitting;
import dev.penstock.work.PromptFitting.Fit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What a launch sends, target after target: each gets a body of its own, shortened where that is wanted. */
final class Prompts {

    private final PromptFitting fitting;
    private final Launch launch;
    private @Nullable ObjectNode sent;
    private Fit.@Nullable Sendable shorter;
    private boolean shortened;
    private long trimmedTokens;

    Prompts(PromptFitting fitting, Launch launch) {
        this.fitting = fitting;
        this.launch = launch;
    }

    /** The body for the next attempt. */
    Fit next(TargetConfig target) {
        Fit fit = shorter == null ? fitted(target) : shorter;
        shorter = null;
        if (fit instanceof Fit.Sendable sendable) {
            sent = sendable.body();
            trimmedTokens = sendable.trimmedTokens();
        }
        return fit;
    }

    private Fit fitted(TargetConfig target) {
        ObjectNode body = ProviderBody.of(launch.request().body(), launch.route(), target);
        Fit fit = fitting.fit(
                target.name(), body, launch.request().trim(), target.contextTokens(), ProviderBody.outputCap(body));
        if (isShared()) {
            return fit instanceof Fit.Sendable less && less.trimmedTokens() > 0
                    ? new Fit.CannotFit("a prompt that requests share is not shortened")
                    : fit;
        }
        return fit instanceof Fit.Sendable refused
                        && launch.progress().wasTooLongFor(target.name())
                        && mayShorten(launch.request().trim(), target)
                ? less(target, refused)
                : fit;
    }

    private Fit less(TargetConfig target, Fit.Sendable refused) {
        shortened = true;
        Fit fit = fitting.shorter(target.name(), refused.body());
        return fit instanceof Fit.Sendable shorterYet
                ? new Fit.Sendable(shorterYet.body(), refused.trimmedTokens() + shorterYet.trimmedTokens())
                : fit;
    }

    /** Shortened, it could lose the line where a member begins, and with it whose text that is. */
    private boolean isShared() {
        return launch.ticket().id().isSharedCall();
    }

    /** Shortens what was just refused as too long, once a launch, if leave was given. @return whether there is less to send */
    boolean shorten(TargetConfig target) {
        if (!mayShorten(launch.request().trim(), target) || shortened || sent == null || isShared()) {
            return false;
        }
        if (less(target, new Fit.Sendable(sent, trimmedTokens)) instanceof Fit.Sendable less
                && less.trimmedTokens() > trimmedTokens) {
            shorter = less;
        }
        return shorter != null;
    }

    /** Whether leave is given, by the request or by what the target says of its context. */
    static boolean mayShorten(@Nullable Trim trim, TargetConfig target) {
        return trim == null ? target.contextTokens() > 0 : !trim.isNever();
    }

    /** What was cut from the prompt that was sent last. */
    long trimmedTokens() {
        return trimmedTokens;
    }
}
