package dev.penstock.batching;

/** What a shared answer holds for one member. */
sealed interface MemberAnswer {

    /** Its text, under its id and no other. */
    record Text(String text) implements MemberAnswer {
        /** Names no content. */
        @Override
        public String toString() {
            return "Text[" + text.length() + " characters]";
        }
    }

    /** Nothing that can be trusted: it is sent again, in a call of its own. */
    record RunAlone(Why why) implements MemberAnswer {}

    /** Why a member is asked again. */
    enum Why {
        MISSING,
        DOUBLED,
        /** Its element holds no text, or an empty one. */
        MALFORMED,
        /** The answer as a whole is cut, refused or no JSON of the form that was asked for. */
        UNREADABLE,
        /** It stands word for word in another member's text, and most others were given the same. */
        DICTATED
    }
}
