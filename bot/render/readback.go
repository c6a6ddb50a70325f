package render

import (
	"regexp"
	"strings"

	"verbatim/answer"
	"verbatim/bot/discord"
	"verbatim/retrieval/corpus"
)

// maxRefs is how many refs one button can carry.
const maxRefs = 3

// Heading is a question as it stands in a message of text, or in an embed whose
// author line it is too long for.
func Heading(title, question string) string {
	if title != "" {
		title += ": "
	}
	return title + "**" + Escape(question) + "**"
}

var headed = regexp.MustCompile(`^(?:[A-Z][A-Za-z ]*: )?\*\*(.+)\*\*$`)

// Asked reads back the question or the query from a message of the bot.
func Asked(m *discord.Message) (question string, ok bool) {
	if m == nil {
		return "", false
	}
	texts := []string{m.Content}
	if len(m.Embeds) > 0 {
		if a := m.Embeds[0].Author; a != nil && a.Name != "" {
			return Clean(a.Name), true
		}
		texts = append(texts, m.Embeds[0].Description)
	}
	for _, text := range texts {
		line, _, _ := strings.Cut(text, "\n")
		if found := headed.FindStringSubmatch(line); found != nil {
			return Unescape(found[1]), true
		}
	}
	return "", false
}

// Turns is the history that a message of the bot stands for: its question, as it
// was understood, and what it answers. A question that was answered in the
// context of another follows that one.
func Turns(m *discord.Message) []answer.Turn {
	question, ok := Asked(m)
	if !ok {
		return nil
	}
	text := m.Content
	for _, e := range m.Embeds {
		text += "\n" + e.Description
	}
	var said []string
	var history []answer.Turn
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, SmallMark):
			note := Unescape(strings.TrimPrefix(line, SmallMark))
			if q, ok := strings.CutPrefix(note, answer.UnderstoodAs); ok {
				question = q
			}
			if q, ok := strings.CutPrefix(note, answer.InContext); ok {
				history = append(history, answer.Turn{Question: q})
			}
		case line != "" && !headed.MatchString(line):
			said = append(said, strings.TrimPrefix(line, "> "))
		}
	}
	return append(history, answer.Turn{Question: question, Answer: Unescape(markdown.ReplaceAllString(strings.Join(said, "\n"), ""))})
}

// Refs reads back which quotes a message of the bot shows.
func Refs(m *discord.Message) []corpus.Ref { return refsOf(m, VerbContext) }

// HiddenRefs reads back which quotes of an answer a message does not show.
func HiddenRefs(m *discord.Message) []corpus.Ref { return refsOf(m, VerbAll) }

func refsOf(m *discord.Message, wanted string) []corpus.Ref {
	var out []corpus.Ref
	if m == nil {
		return out
	}
	var walk func(cs []discord.Component)
	walk = func(cs []discord.Component) {
		for _, c := range cs {
			if verb, arg, ok := ParseID(c.CustomID); ok && verb == wanted {
				out = append(out, SplitRefs(arg)...)
			}
			walk(c.Components)
		}
	}
	walk(m.Components)
	return out
}

// joinRefs writes refs into the argument of a button.
func joinRefs(all []corpus.Ref) string {
	var parts []string
	for _, r := range all {
		parts = append(parts, r.String())
	}
	return strings.Join(parts, ",")
}

// SplitRefs reads them back.
func SplitRefs(arg string) []corpus.Ref {
	var out []corpus.Ref
	for _, text := range strings.Split(arg, ",") {
		if ref, err := corpus.ParseRef(text); err == nil {
			out = append(out, ref)
		}
	}
	return out
}
