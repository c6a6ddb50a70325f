package draft

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"verbatim/answer/guard"
)

// ErrDraft says that a model's answer is not of the form asked for.
var ErrDraft = errors.New("no JSON object with a verdict or sentences")

// maxBraces bounds how many opening braces of an answer are tried.
const maxBraces = 64

// ParseDraft reads a model's answer to DraftPrompt. Prose or a code fence
// around the object is passed over; numbers written as text, and a bare list of
// points or of numbers, are taken. Anything else is ErrDraft.
func ParseDraft(text string) (Draft, error) {
	var d Draft
	found := eachValue(text, func(raw json.RawMessage) bool {
		var ok bool
		d, ok = draftOf(raw)
		return ok
	})
	if !found {
		d, found = numbersAlone(text)
	}
	if !found || d.Verdict == Answered && len(d.Points) == 0 && len(d.Sentences) == 0 {
		return Draft{}, fmt.Errorf("read %d bytes of answer: %w", len(text), ErrDraft)
	}
	return d, nil
}

// draftJSON is a draft as a model writes it.
type draftJSON struct {
	Sentences json.RawMessage `json:"sentences"`
	Verdict   any             `json:"verdict"`
	Reason    string          `json:"reason"`
	Points    *[]draftPoint   `json:"points"`
}

// draftOf reads an object, or a list of points or numbers, as a draft; ok is
// false if it is none.
func draftOf(raw json.RawMessage) (d Draft, ok bool) {
	if raw[0] == '[' {
		return draftOfList(raw)
	}
	var j draftJSON
	if json.Unmarshal(raw, &j) != nil || j.Points == nil && j.Verdict == nil && j.Sentences == nil {
		return Draft{}, false
	}
	d.Reason, d.Sentences = reasonOf(j.Reason), numbers(j.Sentences)
	if j.Points != nil {
		for _, p := range *j.Points {
			d.Points = append(d.Points, p.point())
		}
	}
	selected := len(d.Points) > 0 || len(d.Sentences) > 0
	switch {
	case j.Verdict != nil:
		d.Verdict = verdictOf(j.Verdict)
	case selected:
		d.Verdict = Answered
	default:
		d.Verdict = NotAnswered
	}
	if d.Verdict == Partly && !selected {
		d.Verdict = NotAnswered
	}
	return d, true
}

func draftOfList(raw json.RawMessage) (d Draft, ok bool) {
	var points []draftPoint
	if json.Unmarshal(raw, &points) != nil {
		return Draft{}, false
	}
	for _, p := range points {
		if p.Sentences == nil {
			return Draft{}, false
		}
		d.Points = append(d.Points, p.point())
	}
	d.Verdict, d.Reason = Answered, ReasonNone
	return d, len(points) > 0
}

// numbersAlone reads a text that is a list of numbers and nothing else: within
// prose, "[1]" is a mark.
func numbersAlone(text string) (d Draft, ok bool) {
	list := strings.TrimSpace(strings.TrimPrefix(strings.Trim(text, "` \t\r\n"), "json"))
	if !strings.HasPrefix(list, "[") {
		return Draft{}, false
	}
	d = Draft{Verdict: Answered, Reason: ReasonNone, Sentences: numbers(json.RawMessage(list))}
	return d, len(d.Sentences) > 0 && !slices.Contains(d.Sentences, 0)
}

// verdictOf reads a verdict in the words of the prompt or in others like them.
func verdictOf(v any) Verdict {
	switch v := v.(type) {
	case bool:
		if v {
			return Answered
		}
	case string:
		switch strings.ToLower(strings.TrimSpace(v)) {
		case "answered", "true", "yes", "full", "fully":
			return Answered
		case "partly", "partial", "partially", "unsure":
			return Partly
		}
	}
	return NotAnswered
}

func reasonOf(text string) Reason {
	switch r := Reason(strings.ToLower(strings.TrimSpace(text))); r {
	case ReasonNoTopic, ReasonPerson, ReasonPlace, ReasonTime, ReasonNoDetail:
		return r
	}
	return ReasonNone
}

// Answered reports whether text has the form that p asks for.
func (p Prompt) Answered(text string) bool {
	var err error
	if p.Name == "rewrite" {
		_, err = ParseRewrite(text)
	} else {
		_, err = ParseDraft(text)
	}
	return err == nil
}

// draftPoint is a point as a model writes it.
type draftPoint struct {
	Text      string          `json:"text"`
	Sentences json.RawMessage `json:"sentences"`
}

func (p draftPoint) point() guard.Point {
	return guard.Point{Text: p.Text, Sentences: numbers(p.Sentences)}
}

// ParseRewrite reads a model's answer to RewritePrompt, or returns ErrDraft.
func ParseRewrite(text string) (string, error) {
	var found struct {
		Question string `json:"question"`
	}
	if !eachValue(text, func(raw json.RawMessage) bool {
		found.Question = ""
		return json.Unmarshal(raw, &found) == nil && strings.TrimSpace(found.Question) != ""
	}) {
		return "", fmt.Errorf("read %d bytes of answer: %w", len(text), ErrDraft)
	}
	return oneLine(found.Question), nil
}

// eachValue calls try with the JSON value at each opening brace or bracket
// until it is content.
func eachValue(text string, try func(json.RawMessage) bool) bool {
	for n, from := 0, 0; n < maxBraces; n++ {
		i := strings.IndexAny(text[from:], "{[")
		if i < 0 {
			return false
		}
		from += i
		var raw json.RawMessage
		if json.NewDecoder(strings.NewReader(text[from:])).Decode(&raw) == nil && try(raw) {
			return true
		}
		from++
	}
	return false
}

// numbers reads a list of sentence numbers, or one alone. What is no number
// becomes 0, which is no sentence, so that the guard sees it.
func numbers(raw json.RawMessage) []int {
	var list []any
	if json.Unmarshal(raw, &list) != nil {
		var one any
		if json.Unmarshal(raw, &one) != nil || one == nil {
			return nil
		}
		list = []any{one}
	}
	var out []int
	for _, v := range list {
		n := 0
		switch v := v.(type) {
		case float64:
			if v == float64(int(v)) {
				n = int(v)
			}
		case string:
			n, _ = strconv.Atoi(strings.Trim(v, " []S#"))
		}
		out = append(out, n)
	}
	return out
}
