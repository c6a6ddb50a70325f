package openai_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/answer"
	"verbatim/internal/openai"
	"verbatim/internal/openai/openaitest"
)

const flight = "How many Afghan soldiers fled to Tajikistan?"

// streamed is a question under way whose model sends its answer part by part,
// as the test lets it.
type streamed struct {
	t    *testing.T
	next chan struct{} // lets one event of the stream go
	seen chan answer.Progress
	done chan *answer.Answer
}

// stream asks flight. write makes the parts of the model's answer of the
// sentences that it is shown; reason is that of its end. The prompt is read
// when the first part is let go.
func stream(t *testing.T, format openai.Format, reason string, write func([]openaitest.Sentence) []string) *streamed {
	t.Helper()
	s := &streamed{t: t, next: make(chan struct{}), seen: make(chan answer.Progress), done: make(chan *answer.Answer, 1)}
	server := openaitest.New(openaitest.Prompted(func(_ string, sentences []openaitest.Sentence) openaitest.Reply {
		return openaitest.Paced(s.next, openaitest.Chunks(reason, write(sentences)...))
	}))
	base, stop := server.Start()
	t.Cleanup(stop)
	chat, err := openai.NewChat(openai.ChatOptions{Options: openai.Options{BaseURL: base, Model: "scripted"}, Format: format})
	if err != nil {
		t.Fatal(err)
	}
	desk := answer.New(answer.Options{Engine: seedEngine(t), Model: chat})
	go func() {
		defer close(s.seen)
		a, err := desk.Ask(t.Context(), answer.Request{Question: flight, Progress: func(p answer.Progress) {
			select {
			case s.seen <- p:
			case <-t.Context().Done():
			}
		}})
		if err != nil {
			t.Error(err)
			return
		}
		s.done <- a
	}()
	if p := s.progress(); p.Searched == nil {
		t.Errorf("first came %+v, want what is searched", p)
	}
	if p := s.progress(); len(p.Found) == 0 {
		t.Errorf("second came %+v, want what was found", p)
	}
	return s
}

// send lets n events go.
func (s *streamed) send(n int) {
	s.t.Helper()
	for range n {
		select {
		case s.next <- struct{}{}:
		case p := <-s.seen:
			s.t.Fatalf("too early: %+v", p)
		case <-time.After(testLimit):
			s.t.Fatal("the server waits for nothing")
		}
	}
}

const testLimit = 30 * time.Second

func (s *streamed) progress() answer.Progress {
	s.t.Helper()
	select {
	case p, ok := <-s.seen:
		if !ok {
			s.t.Fatal("the question has ended")
		}
		return p
	case <-time.After(testLimit):
		s.t.Fatal("nothing is reported")
		return answer.Progress{}
	}
}

// end lets the rest go and returns the answer, with the points that were
// reported last meanwhile.
func (s *streamed) end() (*answer.Answer, []answer.Point) {
	s.t.Helper()
	close(s.next)
	var points []answer.Point
	for p := range s.seen {
		if p.Points != nil {
			points = p.Points
		}
	}
	select {
	case a := <-s.done:
		hold(s.t, a)
		return a, points
	default:
		s.t.Fatal("no answer")
		return nil, nil
	}
}

// pointJSON is a point over one sentence in a model's words.
func pointJSON(text string, sentences ...int) string {
	b, err := json.Marshal(openaitest.Point{Text: text, Sentences: sentences})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestPointsAreReportedAsTheyCome holds, in every format and after thinking or
// a fence, that a point is reported before the next one is sent, that a wrong
// one is never reported, and that all that was reported is in the answer.
func TestPointsAreReportedAsTheyCome(t *testing.T) {
	for _, c := range []struct {
		name, before, after string
		format              openai.Format
	}{
		{"in a schema", "", "", openai.FormatSchema},
		{"as an object, after thinking", "<think>Is it {\"answers\": true, \"points\": []}?</think>\n", "", openai.FormatObject},
		{"as text, in a fence", "Here is the JSON:\n```json\n", "\n```\nI hope this helps.", openai.FormatText},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stream(t, c.format, "stop", func(all []openaitest.Sentence) []string {
				return []string{
					c.before + `{"verdict": "answered", "points": [` + pointJSON(all[2].Text, 3)[:20], pointJSON(all[2].Text, 3)[20:],
					"," + pointJSON("A total of 9,876 soldiers surrendered.", 1),
					"," + pointJSON(all[0].Text, 1),
					"]}" + c.after,
				}
			})
			s.send(2)
			first := s.progress()
			if len(first.Points) != 1 || len(first.Quotes) != 1 || first.Quotes[0].Text() != first.Points[0].Text {
				t.Fatalf("first came %+v", first)
			}
			s.send(2) // the wrong one and the next
			second := s.progress()
			if len(second.Points) != 2 || len(second.Quotes) != 2 || second.Points[0].Text != first.Points[0].Text || second.Quotes[1].Ref() != first.Quotes[0].Ref() {
				t.Fatalf("then came %+v", second)
			}
			for i, p := range second.Points {
				if n := p.Quotes[0]; len(p.Quotes) != 1 || n != 2-i || second.Quotes[n-1].N != n || second.Quotes[n-1].Text() != p.Text {
					t.Errorf("%+v stands on %+v", p, second.Quotes)
				}
			}
			a, rest := s.end()
			if diff := cmp.Diff(second.Points, a.Points); a.Mode != answer.ModeModel || diff != "" || len(rest) != 0 || a.Dropped != 1 {
				t.Errorf("got %+v, %v more: %s", a, rest, diff)
			}
			for i, q := range a.Quotes {
				if q.N != i+1 || q.Ref() != second.Quotes[i].Ref() {
					t.Errorf("quote %d is %s, was %s", i+1, q.Ref(), second.Quotes[i].Ref())
				}
			}
		})
	}
}

// TestCutAfterAPoint holds that a stream that ends without a reason, or in an
// error, after a point that was reported gives quotes alone, and says so.
func TestCutAfterAPoint(t *testing.T) {
	for _, end := range []string{"", "length"} {
		s := stream(t, openai.FormatSchema, end, func(all []openaitest.Sentence) []string {
			return []string{`{"verdict": "answered", "points": [` + pointJSON(all[0].Text, 1), `, {"text": "Half a`}
		})
		s.send(1)
		if p := s.progress(); len(p.Points) != 1 {
			t.Fatalf("got %+v", p)
		}
		a, rest := s.end()
		notes := strings.Join(a.Notes, " ")
		if a.Mode != answer.ModeExtractive || len(a.Quotes) == 0 || len(rest) != 0 || strings.Contains(a.Text, "Half a") {
			t.Errorf("%q: got %+v", end, a)
		}
		if !strings.Contains(notes, "put together without it") || !strings.Contains(notes, "One statement that it had already made is withdrawn") {
			t.Errorf("%q: notes %q", end, a.Notes)
		}
	}
}

// TestHostilePointsAreNeverReported has a model that means harm send its
// points one by one.
func TestHostilePointsAreNeverReported(t *testing.T) {
	s := stream(t, openai.FormatSchema, "stop", func(all []openaitest.Sentence) []string {
		parts := []string{`{"verdict": "answered", "points": [`}
		for i, p := range invented(flight, all) {
			parts = append(parts, strings.Repeat(",", min(i, 1))+pointJSON(p.Text, p.Sentences...))
		}
		return append(parts, "]}")
	})
	s.send(len(invented(flight, []openaitest.Sentence{{Text: "x"}})) + 1)
	a, points := s.end()
	if len(points) != 0 || a.Mode != answer.ModeModel || a.Dropped == 0 || len(a.Quotes) == 0 {
		t.Errorf("reported %+v, got %+v", points, a)
	}
}

// TestSameWithoutProgress holds that an answer does not depend on whether
// somebody looks on while it is made.
func TestSameWithoutProgress(t *testing.T) {
	engine := seedEngine(t)
	for name, reply := range map[string]openaitest.Reply{
		"selects": openaitest.Selects(), "mixes": openaitest.Obeys(mixed), "breaks": openaitest.Breaks(), "invents": openaitest.Obeys(invented),
	} {
		base, stop := openaitest.New(reply).Start()
		defer stop()
		var got [3]*answer.Answer
		for i := range got {
			chat, err := openai.NewChat(openai.ChatOptions{Options: openai.Options{BaseURL: base, Model: "scripted"}, NoStream: i == 2})
			if err != nil {
				t.Fatal(err)
			}
			r := answer.Request{Question: flight}
			if i == 0 {
				r.Progress = func(answer.Progress) {}
			}
			if got[i], err = answer.New(answer.Options{Engine: engine, Model: chat}).Ask(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		if got[0].Text != got[1].Text || !slices.Equal(got[0].Notes, got[1].Notes) || got[0].Dropped != got[1].Dropped {
			t.Errorf("%s: with progress %+v, without %+v", name, got[0], got[1])
		}
		if got[1].Text != got[2].Text {
			t.Errorf("%s: streamed %q, whole %q", name, got[1].Text, got[2].Text)
		}
	}
}

// TestBrokenAfterAPoint holds the same for every other way to break.
func TestBrokenAfterAPoint(t *testing.T) {
	engine := seedEngine(t)
	for name, reply := range map[string]func(begun string) openaitest.Reply{
		"error": func(s string) openaitest.Reply {
			return openaitest.Midway(s, "data: {\"error\":{\"message\":\"down\"}}\n\n")
		},
		"reset":     openaitest.Reset,
		"silence":   openaitest.HangAfter,
		"filter":    func(s string) openaitest.Reply { return openaitest.Finish(s+"]}", "content_filter") },
		"no object": func(s string) openaitest.Reply { return openaitest.Text(s + ", nothing}") },
		"thinking after all": func(s string) openaitest.Reply {
			return openaitest.Text(s + "]}</think>" + `{"verdict": "no", "points": []}`)
		},
	} {
		base, stop := openaitest.New(openaitest.Prompted(func(_ string, all []openaitest.Sentence) openaitest.Reply {
			return reply(`{"verdict": "answered", "points": [` + pointJSON(all[0].Text, 1))
		})).Start()
		defer stop()
		chat, err := openai.NewChat(openai.ChatOptions{Options: openai.Options{BaseURL: base, Model: "scripted", Timeout: 500 * time.Millisecond, Failures: 1000}})
		if err != nil {
			t.Fatal(err)
		}
		points := 0
		a, err := answer.New(answer.Options{Engine: engine, Model: chat}).Ask(t.Context(), answer.Request{Question: flight, Progress: func(p answer.Progress) {
			points = max(points, len(p.Points))
		}})
		if err != nil {
			t.Fatal(err)
		}
		hold(t, a)
		if points != 1 || a.Mode != answer.ModeExtractive || !strings.Contains(strings.Join(a.Notes, " "), "withdrawn") {
			t.Errorf("%s: %d points were reported, then came %s with %q", name, points, a.Mode, a.Notes)
		}
	}
}
