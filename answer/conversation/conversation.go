// Package conversation reads a message in its conversation. Small talk is told
// from questions (SmallTalk), and a question that refers to earlier ones is made
// to stand alone (Understand), by rules and without a model.
//
// A rule writes a new question only if the result is sure to be well formed: one
// name, day or speaker takes the place of another of its kind, or a person, a
// people or a place that was named that of a pronoun. Any other follow-up keeps
// the words of its asker, and carries the topic of the conversation along as
// something to search for.
package conversation

import (
	"strings"
	"unicode/utf8"

	"verbatim/answer/draft"
	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// Turn is one earlier question and what it was answered.
type Turn = draft.Turn

// Understood is a question as it is read after earlier ones.
type Understood struct {
	// Question is to be answered: the question as it was put, on one line, or as
	// it was rewritten to stand alone.
	Question string
	// Topic is the earlier question that the question cannot be understood
	// without; "" if it stands alone.
	Topic string
	// Unclear is a pronoun for a person that nobody was named for, or "".
	Unclear string
}

// maxQuestion is the longest rewritten question, in bytes.
const maxQuestion = 2000

// Understand reads a question after the last turns of a conversation, oldest
// first. Earlier follow-ups are read first, so that "and in Balkh?" after "what
// about Kunduz?" still has the whole question to stand on.
func Understand(question string, history []Turn) Understood {
	topic, said := "", ""
	for _, t := range draft.Recent(history) {
		u := understand(oneLine(t.Question), topic, said)
		if u.Topic == "" { // else the topic stays
			topic = u.Question
		}
		if said = t.Answer; u.Topic != "" && said == "" {
			continue
		}
	}
	return understand(oneLine(question), topic, said)
}

// understand reads a question after the question topic, and what the last turn
// was answered.
func understand(question, topic, said string) Understood {
	u := Understood{Question: question}
	if topic == "" || question == "" {
		return u
	}
	q, last := read(question), read(strings.TrimRight(topic, "?.! "))
	for _, rule := range []func(q, last *text, said string) string{otherSpeaker, otherDay, otherTime, otherName, pronouns, whoSaid} {
		if r := rule(q, last, said); r != "" && len(r) <= maxQuestion {
			u.Question = capitalise(r) + "?"
			return u
		}
	}
	if !q.depends() && !q.toSpeaker() {
		return u
	}
	u.Topic = topic
	if p := q.unnamedPerson(); p != "" {
		u.Unclear = p
	}
	return u
}

// SearchText is what to search for: the question, and what the topic is about.
func (u Understood) SearchText() string {
	if u.Topic == "" {
		return u.Question
	}
	var about []string
	for t := range words.Tokens(u.Topic) {
		if !words.Stop(t.Text) && !english.QuestionWords.Has(t.Text) && !english.Measures.Has(t.Text) {
			about = append(about, u.Topic[t.Start:t.End])
		}
	}
	return u.Question + " " + strings.Join(about, " ")
}

// text is a question with its words and names.
type text struct {
	*facts.Facts
	lead  int // words of a conjunction, or of what begins a follow-up
	names []facts.Name
}

func read(s string) *text {
	t := &text{Facts: facts.Read(words.NewVocabulary(nil).View(s))}
	for _, n := range t.Names {
		if n.Kind&facts.KindNationality == 0 && !english.QuestionWords.Has(t.word(n.From)) {
			t.names = append(t.names, n)
		}
	}
	t.lead = english.FollowUps.Match(t.word)
	return t
}

// word returns token i folded, or "".
func (t *text) word(i int) string {
	if i < 0 || i >= len(t.Tokens) {
		return ""
	}
	return t.Tokens[i].Text
}

// bare is the text from token i on, without the punctuation at its end.
func (t *text) bare(i int) string { return t.Span(i, len(t.Tokens)) }

// replaced is the text with other words in the place of tokens.
func (t *text) replaced(r facts.Range, by string) string {
	b := t.Bytes(r.From, r.To)
	return strings.TrimRight(t.Text[:b.Start]+by+t.Text[b.End:], "?.! ")
}

func capitalise(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(r)) + s[size:]
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
}
