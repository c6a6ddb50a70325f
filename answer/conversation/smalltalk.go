package conversation

import (
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// SmallTalk returns a friendly line if text is neither a question nor a statement that
// could be checked, but thanks, a greeting, a comment on an answer or a few
// emoji. A text is small talk if each of its words is of a closed list, and one
// of them does what small talk does: a word of any subject makes it a question.
func SmallTalk(text string) (line string, ok bool) {
	list := spoken(text)
	if len(list) == 0 {
		return lines["other"], strings.TrimSpace(text) != ""
	}
	at := func(i int) func(int) string {
		return func(n int) string {
			if i+n < len(list) {
				return list[i+n]
			}
			return ""
		}
	}
	kinds := make(map[string]bool)
	for i := 0; i < len(list); i++ {
		if n, kind := english.SmallTalkPhrases.Match(at(i)); n > 0 {
			kinds[kind] = true
			i += n - 1
		} else if kind, ok := english.SmallTalk.Get(list[i]); ok {
			kinds[kind] = true
		} else if !english.SmallTalkFillers.Has(list[i]) {
			return "", false
		}
	}
	if len(kinds) == 0 || kinds["other"] && len(kinds) == 1 && asks(text, list) {
		return "", false
	}
	for _, kind := range []string{"thanks", "goodbye", "greeting", "praise", "other"} {
		if kinds[kind] {
			return lines[kind], true
		}
	}
	return "", false
}

// lines answer small talk by its kind.
var lines = map[string]string{
	"thanks":   "You are welcome.",
	"greeting": "Hello. Ask me anything about the articles.",
	"goodbye":  "Goodbye.",
	"praise":   "Thank you. Ask me anything about the articles.",
	"other":    "I answer questions about the articles. Ask one whenever you like.",
}

// asks reports whether words of agreement are a question: "is that true?".
func asks(text string, list []string) bool {
	_, phrase := english.SmallTalkPhrases.Match(func(n int) string {
		if n < len(list) {
			return list[n]
		}
		return ""
	})
	return phrase == "" && strings.HasSuffix(strings.TrimSpace(text), "?")
}

// spoken returns the folded words of text.
func spoken(text string) []string {
	var out []string
	for t := range words.Tokens(text) {
		out = append(out, t.Text)
	}
	return out
}
