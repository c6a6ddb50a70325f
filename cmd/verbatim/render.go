package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"verbatim/answer"
	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

// dated writes a date, and says so if the text gives no year.
func dated(d corpus.Date, basis corpus.Basis) string {
	switch {
	case d == "":
		return "undated"
	case basis == corpus.BasisInferred:
		return string(d) + " (inferred)"
	}
	return string(d)
}

const inferredNote = "(inferred): the text names the day and the weekday, the year comes from the other articles."

// printAnswer prints an answer for a person.
func (p *program) printAnswer(a *answer.Answer, explain bool) error {
	s := p.newScreen(p.stdout)
	notes := a.Notes
	if a.Asked != "" {
		s.understood(a.Question)
		// The answer's own note of it would say it again.
		notes = slices.DeleteFunc(slices.Clone(notes), func(n string) bool { return strings.Contains(n, a.Question) })
	}
	if i := slices.IndexFunc(notes, func(n string) bool { return strings.HasPrefix(n, answer.InContext) }); i >= 0 {
		s.para("", safetext.Line(notes[i]), s.faint)
		s.print("\n")
		notes = slices.Delete(slices.Clone(notes), i, i+1)
	}
	s.spellings(a.Spellings)
	switch {
	case a.Status == answer.StatusNoEvidence:
		s.para("", a.Text, s.bold)
		if len(a.Nearest) > 0 {
			s.print("\n")
			s.para("", "The nearest passages:", s.plain)
			s.quotes(a.Nearest, explain)
			s.inferred(a.Nearest)
		}
		s.notes(notes)
		return s.err
	case a.Status == answer.StatusUnsure:
		s.para("", a.Text, s.warn)
		s.print("\n")
	case a.Mode == answer.ModeModel && a.Worded():
		s.para("", a.Text, s.bold)
		s.print("\n")
	default:
		s.summary(a.Summary)
	}
	s.quotes(a.Quotes, explain)
	s.para("", "Quoted from "+plural(a.Sources.Articles, "article")+". Searched "+searchedText(a.Searched)+".", s.faint)
	s.inferred(a.Quotes)
	if a.Dropped > 0 {
		s.para("", "The model's wording of "+plural(a.Dropped, "point")+" said more than its quotes, so the quotes stand in its place.", s.warn)
	}
	s.notes(notes)
	return s.err
}

// understood prints how a follow-up was read.
func (s *screen) understood(question string) {
	s.para("Understood as: ", safetext.Line(question), s.faint)
	s.print("\n")
}

// spellings says how the articles spell names of the question.
func (s *screen) spellings(list []answer.Spelling) {
	for _, x := range list {
		if len(x.Found) > 0 {
			s.para("", safetext.Line("The articles spell “"+x.Asked+"”: "+strings.Join(x.Found, ", ")+"."), s.faint)
			s.print("\n")
		}
	}
}

// summary prints the answer line: the words that answer, and how many articles
// give each.
func (s *screen) summary(values []answer.Value) {
	if len(values) == 0 {
		return
	}
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = paint(s.bold, safetext.Field(v.Text)) + " (" + plural(v.Articles, "article") + ")"
	}
	for _, l := range wrap(strings.Join(parts, safetext.Separator), s.width) {
		s.print(l + "\n")
	}
	s.print("\n")
}

func searchedText(n answer.Searched) string {
	text := plural(n.Articles, "article")
	switch {
	case n.From == "":
	case n.From == n.To:
		text += fmt.Sprintf(", dated %s", n.From)
	default:
		text += fmt.Sprintf(", dated %s to %s", n.From, n.To)
	}
	return text
}

// quotes prints numbered quotes, each with its origin.
func (s *screen) quotes(quotes []answer.Quote, explain bool) {
	for i, q := range quotes {
		s.quote(fmt.Sprintf("[%d]", cmp.Or(q.N, i+1)), q, explain)
	}
}

// indent comes before what belongs to a quote.
const indent = "    "

// quote prints a quote after a mark, below what it needs to be understood.
func (s *screen) quote(mark string, q answer.Quote, explain bool) {
	first := s.accent.Render(mark) + " "
	for _, c := range q.Context {
		s.article(first, c.Text(), nil)
		first = indent
		s.article(first, "[…]", nil)
	}
	s.article(first, q.Text(), relative(q.Span(), q.Marks))
	s.origin(q.Quote)
	s.remarks(q)
	if explain {
		s.explain(q.Score, q.Features)
	}
	s.print("\n")
}

// relative returns spans of a body as spans of the part of it at part.
func relative(part corpus.Span, spans []corpus.Span) []corpus.Span {
	var out []corpus.Span
	for _, m := range spans {
		if part.Contains(m) {
			out = append(out, corpus.Span{Start: m.Start - part.Start, End: m.End - part.Start})
		}
	}
	return out
}

// origin prints which article a quote is from.
func (s *screen) origin(q corpus.Quote) {
	a := q.Article()
	parts := []string{safetext.Field(a.Name()), dated(a.Published, a.Basis)}
	if a.Title != "" {
		parts = append(parts, safetext.Field(a.Title))
	}
	s.para(indent, strings.Join(parts, safetext.Separator), s.plain)
	if a.URL != "" {
		s.para(indent, safetext.Line(a.URL), s.faint)
	}
	s.para(indent, q.Ref().String(), s.faint)
}

// remarks says what else the reader should know of a quote.
func (s *screen) remarks(q answer.Quote) {
	if n := len(q.Also); n > 0 {
		refs := make([]string, n)
		for i, ref := range q.Also {
			refs[i] = ref.String()
		}
		s.para(indent, "The same in "+plural(n, "other article")+": "+strings.Join(refs, ", "), s.faint)
	}
	switch q.CorrectedBy {
	case "":
	case q.Article().ID:
		s.para(indent, "Withdrawn: the article corrects this itself.", s.warn)
	default:
		s.para(indent, "Corrected by article "+safetext.Line(q.CorrectedBy)+".", s.warn)
	}
	if q.Newer != "" {
		s.para(indent, "There is a newer version of this article: "+safetext.Line(q.Newer)+".", s.warn)
	}
}

// inferred explains the word if one of the quotes has an inferred date.
func (s *screen) inferred(quotes []answer.Quote) {
	if slices.ContainsFunc(quotes, func(q answer.Quote) bool { return q.Article().Basis == corpus.BasisInferred }) {
		s.para("", inferredNote, s.faint)
	}
}

// explain prints what each feature added to a score, the greatest first.
func (s *screen) explain(score float64, features map[string]float64) {
	names := slices.SortedFunc(maps.Keys(features), func(a, b string) int {
		return cmp.Or(cmp.Compare(math.Abs(features[b]), math.Abs(features[a])), cmp.Compare(a, b))
	})
	parts := []string{fmt.Sprintf("score %.3f", score)}
	for _, name := range names {
		if v := features[name]; math.Abs(v) >= 0.0005 {
			parts = append(parts, fmt.Sprintf("%s %+.3f", name, v))
		}
	}
	s.para(indent, strings.Join(parts, ", "), s.faint)
}

func (s *screen) notes(notes []string) {
	for _, n := range notes {
		s.para("Note: ", safetext.Line(n), s.warn)
	}
}

// printHits prints ranked passages: of each the sentences that match best, and the
// ref of the whole.
func (p *program) printHits(r *answer.SearchResult, explain bool) error {
	s := p.newScreen(p.stdout)
	if len(r.Hits) == 0 {
		s.para("", "Nothing was found in "+searchedText(r.Searched)+".", s.bold)
	}
	inferred := false
	for _, h := range r.Hits {
		s.article(s.accent.Render(fmt.Sprintf("%2d.", h.Rank))+" ", h.Snippet.Text(), relative(h.Snippet.Span(), h.Marks))
		s.origin(h.Quote)
		if len(h.Copies) > 0 {
			s.para(indent, "The same text: "+strings.Join(h.Copies, ", "), s.faint)
		}
		if explain {
			s.explain(h.Score, h.Features)
		}
		s.print("\n")
		inferred = inferred || h.Quote.Article().Basis == corpus.BasisInferred
	}
	if inferred {
		s.para("", inferredNote, s.faint)
	}
	s.notes(r.Notes)
	return s.err
}

// printMatches prints the places where the words are.
func (p *program) printMatches(r *answer.FindResult) error {
	s := p.newScreen(p.stdout)
	if len(r.Matches) == 0 {
		s.para("", "No article contains these words.", s.bold)
	}
	s.quotes(r.Matches, false)
	s.inferred(r.Matches)
	s.notes(r.Notes)
	return s.err
}
