package dev.penstock.batching;

import java.util.List;

/**
 * A request that pays its share of a call.
 *
 * @param request its id
 * @param tokens of its text, by our own count
 */
record Payer(String request, long tokens) {

    static List<Payer> of(List<Member> members) {
        return members.stream()
                .map(member -> new Payer(member.ticket().id().toString(), member.tokens()))
                .toList();
    }
}
