package guard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// maxPointBytes is the longest point that is taken.
const maxPointBytes = 600

var (
	citationMark = regexp.MustCompile(`\s*(?:\[\s*\d+(?:\s*[,–-]\s*\d+)*\s*\]|\((?:sentences?|source|sources)\s+\d[\d, and]*\))`)
	emphasis     = regexp.MustCompile(`\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*`)
	linkLike     = regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:mailto|javascript|tel):|\b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*\.` +
		english.LinkEndings.Pattern() + `\b(?:[/:?#]|\b)`)
	markupLike = regexp.MustCompile("[`*_~|<>{}\\\\]|\\]\\s*\\(|^\\s*(?:#{1,6}\\s|>|[-+•]\\s|\\d+[.)]\\s|-#\\s)|!\\[|:[a-z_]\\w*:|&[a-z]+;|&#")
	command    = regexp.MustCompile(`(?:^|\s)[/!$][a-zA-Z]`)
	// leftMark is what looks like a citation mark and is none that we wrote.
	leftMark = regexp.MustCompile(`\[\s*\d`)
	// quotedFigure is a quotation in single marks that begins with a figure,
	// which quotations takes for an apostrophe ("the '90s").
	quotedFigure = regexp.MustCompile(`(?:^|[^\p{L}\p{N}])['‘’](\d[^'‘’]*)['’](?:$|[^\p{L}\p{N}])`)
)

// otherMarks are quotation marks that quotations does not know.
const otherMarks = "‚‛‟‹›「」『』〝〞〟＂＇❛❜❝❞″‶"

// Reasons that CheckRewrite asks for.
const (
	reasonLink    = "it holds a link"
	reasonMention = "it holds a mention"
	reasonMarkup  = "it holds markup or code"
	reasonCommand = "it holds a command"
)

// Clean takes out of p what is form and not content (citation marks,
// emphasis, white space), or gives the reason why p cannot be printed.
func Clean(p Point) (Point, string) {
	text := citationMark.ReplaceAllString(norm.NFC.String(p.Text), "")
	text = emphasis.ReplaceAllString(text, "$1$2$3")
	text = strings.Join(strings.Fields(text), " ")
	if text != "" && !strings.ContainsAny(text[len(text)-1:], ".!?\"'") && !strings.HasSuffix(text, "”") && !strings.HasSuffix(text, "’") {
		text += "."
	}
	var numbers []int
	for _, n := range p.Sentences {
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return Point{Text: text, Sentences: numbers}, refuseForm(text)
}

// refuseForm refuses what is not a plain statement.
func refuseForm(text string) string {
	switch {
	case strings.TrimSpace(text) == "":
		return "it is empty"
	case len(text) > maxPointBytes:
		return "it is longer than one sentence"
	case !utf8.ValidString(text) || strings.ContainsFunc(text, hidden):
		return "it holds characters that cannot be seen"
	case linkLike.MatchString(norm.NFKC.String(text)):
		return reasonLink
	case strings.ContainsAny(text, "@＠"):
		return reasonMention
	case markupLike.MatchString(text):
		return reasonMarkup
	case command.MatchString(text):
		return reasonCommand
	case leftMark.MatchString(norm.NFKC.String(text)):
		return "it holds a citation mark"
	}
	return refuseAddress(text)
}

// hidden reports whether r is a control, format or private character, or one
// that makes a line.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) || r == utf8.RuneError ||
		unicode.Is(unicode.Variation_Selector, r)
}

// refuseAddress refuses questions, instructions, and words to the reader or
// of the model about itself, outside of quotation marks.
func refuseAddress(text string) string {
	quoted := facts.Quotations(text)
	inside := func(at int) bool {
		return slices.ContainsFunc(quoted, func(q words.Range) bool { return q.Start <= at && at < q.End })
	}
	for i, r := range text {
		if r == '?' && !inside(i) {
			return "it is a question"
		}
	}
	start, seen, prev := true, false, 0
	for t := range words.Tokens(text) {
		if seen && strings.ContainsAny(text[prev:t.Start], ".!;:") {
			start = true
		}
		seen, prev = true, t.End
		if inside(t.Start) {
			start = false
			continue
		}
		if english.Address.Has(t.Text) && isAddress(text, t) {
			return "it speaks to the reader or of the writer"
		}
		if start && english.Imperatives.Has(t.Text) && !english.NoInstruction.Has(firstWord(text[t.End:])) {
			return "it is an instruction"
		}
		start = false
	}
	return ""
}

// isAddress tells "us" from "US" and "I" from the "i" inside a name.
func isAddress(text string, t words.Term) bool {
	raw := text[t.Start:t.End]
	if t.Text == "i" {
		return raw == "I" && !strings.HasPrefix(text[t.End:], "-")
	}
	return len(raw) == 1 || raw != strings.ToUpper(raw)
}

// firstWord returns the first folded token of text, or "".
func firstWord(text string) string {
	for t := range words.Tokens(text) {
		return t.Text
	}
	return ""
}

// refuseStrange refuses letters, digits and symbols beyond ASCII that are not
// in the quotes or the question: digits of other scripts, letters that look
// like others, emoji. The marks of English and of money may be the point's own.
func refuseStrange(point *parsedText, e *evidence) string {
	const own = "“”‘’„«»–—…‑·€£¥₹°"
	known := func(r rune) bool {
		in := func(p *parsedText) bool {
			return strings.ContainsFunc(norm.NFC.String(p.Text), func(s rune) bool { return unicode.ToLower(r) == unicode.ToLower(s) })
		}
		return in(e.question) || slices.ContainsFunc(e.quotes, in)
	}
	for _, r := range point.Text {
		if r >= utf8.RuneSelf && !strings.ContainsRune(own, r) && !known(r) {
			return fmt.Sprintf("the character %q is not in its sentences", r)
		}
	}
	return ""
}

// refuseQuoted refuses quotation marks around what is not verbatim in the
// quotes, white space and the shape of quotation marks aside.
func refuseQuoted(point *parsedText, e *evidence) string {
	if unbalanced(point.Text) || strays(point) {
		return "its quotation marks are not closed"
	}
	if strings.ContainsAny(point.Text, otherMarks) {
		return "it uses other quotation marks than “ ” and ‘ ’"
	}
	quoted := slices.Clone(point.Quotations)
	for _, m := range quotedFigure.FindAllStringSubmatchIndex(point.Text, -1) {
		quoted = append(quoted, words.Range{Start: m[2], End: m[3]})
	}
	for _, q := range quoted {
		phrase := plainMarks(strings.TrimRight(strings.TrimSpace(point.Text[q.Start:q.End]), ".,;:!"))
		if phrase == "" {
			continue
		}
		if !slices.ContainsFunc(e.quotes, func(s *parsedText) bool { return containsWhole(plainMarks(s.Text), phrase) }) {
			return "the words in quotation marks are not in its sentences"
		}
	}
	return ""
}

// strays reports whether p has a closing mark that closes nothing.
func strays(p *parsedText) bool {
	for i, r := range p.Text {
		if (r == '”' || r == '»') && !slices.ContainsFunc(p.Quotations, func(q words.Range) bool { return q.Start <= i && i <= q.End }) {
			return true
		}
	}
	return false
}

// unbalanced reports whether a quotation of text is not closed.
func unbalanced(text string) bool {
	quoted := facts.Quotations(text)
	return len(quoted) > 0 && quoted[len(quoted)-1].End == len(text)
}

// plainMarks folds white space and quotation marks.
func plainMarks(text string) string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case '‘', '’', '“', '”', '„', '«', '»', '"':
			return '\''
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// containsWhole reports whether text holds phrase and not as part of a word.
func containsWhole(text, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(phrase):])
		if !unicode.IsLetter(before) && !unicode.IsDigit(before) && !unicode.IsLetter(after) && !unicode.IsDigit(after) {
			return true
		}
		from = i + 1
	}
}
