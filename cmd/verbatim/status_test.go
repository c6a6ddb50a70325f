package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"verbatim/internal/openai/openaitest"
)

// screenOf returns what a terminal shows after output: as much of one as
// region uses.
func screenOf(t *testing.T, output string) string {
	t.Helper()
	lines, row := [][]rune{nil}, 0
	col := 0
	for output != "" {
		if strings.HasPrefix(output, "\x1b[") {
			code, rest, _ := strings.Cut(output[2:], "m")
			switch {
			case strings.HasPrefix(output[2:], "A"):
				row, output = row-1, output[3:]
			case strings.HasPrefix(output[2:], "K"):
				lines[row], output = lines[row][:min(col, len(lines[row]))], output[3:]
			case strings.HasPrefix(output[2:], "?7"):
				output = output[5:]
			case strings.Trim(code, "0123456789;") == "":
				output = rest
			default:
				t.Fatalf("an unknown escape sequence: %.20q", output)
			}
			if row < 0 {
				t.Fatal("the cursor left the screen")
			}
			continue
		}
		r := []rune(output)[0]
		output = output[len(string(r)):]
		switch r {
		case '\r':
			col = 0
		case '\n':
			if row, col = row+1, 0; row == len(lines) {
				lines = append(lines, nil)
			}
		default:
			lines[row] = append(lines[row][:min(col, len(lines[row]))], r)
			col++
		}
	}
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(string(l) + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// frames are what a terminal showed in turn while an answer was made. What a
// line of the log has pushed down is the same frame.
func frames(output string) []string {
	var out []string
	for _, f := range strings.Split(output, wrapOff)[1:] {
		f, _, _ = strings.Cut(f, wrapOn)
		out = append(out, f)
	}
	return slices.Compact(out)
}

// mixed answers with two sentences as they stand and an invention between.
func mixed(_ string, all []openaitest.Sentence) []openaitest.Point {
	return []openaitest.Point{{Text: all[1].Text, Sentences: []int{2}},
		{Text: "The other 9,999 flew to Atlantis.", Sentences: []int{1}}, {Text: all[0].Text, Sentences: []int{1}}}
}

// TestAnswerComesInParts holds what a terminal shows while a model answers, and
// that in the end it shows what it would without.
func TestAnswerComesInParts(t *testing.T) {
	for name, tt := range map[string]struct {
		reply  openaitest.Reply
		points int // shown before the end
	}{
		"well":      {openaitest.Selects(), 3},
		"mixed":     {openaitest.Obeys(mixed), 2},
		"breaks":    {openaitest.Breaks(), 1},
		"refuses":   {openaitest.Refusal("No."), 0},
		"with none": {openaitest.Points(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			base, stop := openaitest.New(tt.reply).Start()
			defer stop()
			s := configFile(t, "model:\n  name: scripted\n  base_url: "+base+"\n", nil)
			s.terminal = 80
			live := runProgram(t, s, "ask", "--no-color", soldiers)
			shown := frames(live.stdout)
			if len(shown) != 2+tt.points {
				t.Fatalf("%d frames, want what is searched, what was found, and %d points", len(shown), tt.points)
			}
			if !strings.HasPrefix(shown[0], "Searched ") || !strings.Contains(shown[1], "1,037") || !strings.Contains(shown[1], "the model is reading") || strings.Contains(shown[1], "[1]") {
				t.Errorf("first %q, then %q", shown[0], shown[1])
			}
			for i, f := range shown[2:] {
				if !strings.Contains(f, fmt.Sprintf("[%d]", i+1)) || strings.Contains(f, fmt.Sprintf("[%d]", i+2)) {
					t.Errorf("with point %d: %q", i+1, f)
				}
			}
			if name == "mixed" && strings.Index(shown[3], "[2]") > strings.Index(shown[3], "[1]") {
				t.Errorf("the point that came last stands on the better quote: %q", shown[3])
			}
			if strings.Contains(live.stdout, "9,999") {
				t.Error("an invention was shown")
			}
			s.env["TERM"] = "dumb"
			still := runProgram(t, s, "ask", "--no-color", soldiers)
			if len(frames(still.stdout)) != 0 || screenOf(t, live.stdout) != still.stdout || live.code != still.code {
				t.Errorf("in the end it shows\n%s\nwant\n%s", screenOf(t, live.stdout), still.stdout)
			}
			if strings.Contains(still.stdout, "withdrawn") != (name == "breaks") {
				t.Errorf("%s", still.stdout)
			}
		})
	}
}

// TestHostileArticleInParts holds that an article whose text would move the
// cursor or turn its direction is shown with that escaped, in every part.
func TestHostileArticleInParts(t *testing.T) {
	base, stop := openaitest.New().Start()
	defer stop()
	// With this threshold the quotes are shown while the model answers.
	s := configFile(t, "answer:\n  threshold: 0.01\n  refuse: 0\nmodel:\n  name: scripted\n  base_url: "+base+"\n", nil)
	dir := filepath.Join(t.TempDir(), "news")
	writeStory(t, dir, "Ada Novak \x1b[2J\x1b[1;1Hopened the bridge \u202eover the Morava\u009b31m on Thursday, the city of Brno said.\n\n"+
		"The bridge was opened by Ada Novak, the city said on Thursday \x1b]0;title\a in [1] a statement, see <b>END 0</b>.")
	s.terminal = 60
	r := runProgram(t, s, "ask", "--no-color", "--corpus", dir, "Who opened the bridge over the Morava?")
	if r.code != exitDone || len(frames(r.stdout)) < 2 {
		t.Fatalf("%+v", r)
	}
	for _, f := range append(frames(r.stdout), screenOf(t, r.stdout)) { // screenOf knows only our own sequences
		if strings.ContainsAny(f, "\x1b\u202e\u009b\a") || !strings.Contains(f, "Searched ") {
			t.Errorf("shown: %q", f)
		}
	}
}

// TestAnswerComesAtOnce holds where nothing is shown before the whole answer.
func TestAnswerComesAtOnce(t *testing.T) {
	base, stop := openaitest.New().Start()
	defer stop()
	s := configFile(t, "model:\n  name: scripted\n  base_url: "+base+"\n", nil)
	for _, tt := range []struct {
		terminal int
		args     []string
	}{
		{0, []string{"ask", soldiers}}, {0, []string{"ask", "--json", soldiers}}, {80, []string{"ask", "--json", soldiers}},
		{80, []string{"ask", "--quiet", soldiers}}, {80, []string{"ask", "--mode", "extractive", soldiers}}, {minWidth - 1, []string{"ask", soldiers}},
	} {
		s.terminal = tt.terminal
		r := runProgram(t, s, tt.args...)
		if r.code != exitDone || strings.Contains(r.stdout+r.stderr, wrapOff) || strings.Contains(r.stdout+r.stderr, clearLine) {
			t.Errorf("%d columns, %v: %+v", tt.terminal, tt.args, r)
		}
	}
}

// TestChatComesInParts holds the same for each turn of a chat.
func TestChatComesInParts(t *testing.T) {
	base, stop := openaitest.New().Start()
	defer stop()
	s := configFile(t, "model:\n  name: scripted\n  base_url: "+base+"\n", nil)
	s.terminal, s.stdin = 60, soldiers+"\n/new\n"+soldiers+"\n"
	r := runProgram(t, s, "chat", "--no-color")
	if n := len(frames(r.stdout)); r.code != exitDone || n != 10 {
		t.Errorf("%d frames: %+v", n, r)
	}
	shown := screenOf(t, r.stdout)
	if !strings.HasPrefix(shown, "? "+soldiers+"\n") || !strings.Contains(shown, "\n? /new\n? "+soldiers+"\n") {
		t.Errorf("questions that were not typed are not shown: %s", shown)
	}
	if strings.Contains(shown, "at work") || strings.Contains(shown, "reading") || strings.Count(shown, "Quoted from") != 2 {
		t.Errorf("in the end it shows %s", shown)
	}
}

// TestFollowUpIsTold holds that how a follow-up was understood is shown before
// the model answers it.
func TestFollowUpIsTold(t *testing.T) {
	const rewritten = "Who said how many Afghan soldiers fled to Tajikistan?"
	base, stop := openaitest.New(openaitest.Selects(), openaitest.Text(`{"question": "`+rewritten+`"}`), openaitest.Selects()).Start()
	defer stop()
	s := configFile(t, "model:\n  name: scripted\n  base_url: "+base+"\n", nil)
	s.terminal, s.stdin = 80, soldiers+"\nAnd who said that?\n"
	r := runProgram(t, s, "chat", "--no-color")
	shown := frames(r.stdout)
	if r.code != exitDone || len(shown) < 8 || !strings.HasPrefix(shown[5], "Understood as: "+rewritten+"\n\nSearching ...") {
		t.Fatalf("%d frames: %q", len(shown), shown)
	}
	for _, f := range shown[6:] {
		if !strings.HasPrefix(f, "Understood as: "+rewritten+"\n\n") {
			t.Errorf("without the question: %q", f)
		}
	}
	if n := strings.Count(screenOf(t, r.stdout), rewritten); n != 1 {
		t.Errorf("the question stands there %d times: %s", n, r.stdout)
	}
}

// TestRegion holds that what is written beside a region stands above it, and
// that where it cannot be taken away a line says so.
func TestRegion(t *testing.T) {
	var out bytes.Buffer
	columns, rows := 80, 24
	r := &region{w: &out, size: func() (int, int) { return columns, rows }}
	log := r.beside(&out)
	fmt.Fprintln(log, "one")
	r.show([]string{"a\n", "b\n"})
	fmt.Fprintln(log, "two")
	if got := screenOf(t, out.String()); got != "one\ntwo\na\nb\n" {
		t.Errorf("got %q", got)
	}
	r.show([]string{"c\n"})
	r.show(nil)
	fmt.Fprintln(log, "three")
	if got := screenOf(t, out.String()); got != "one\ntwo\nthree\n" {
		t.Errorf("got %q", got)
	}
	out.Reset()
	r.show([]string{"d\n"})
	columns, rows = 90, 30
	r.show([]string{"e\n"})
	rows = 20
	r.show([]string{"f\n"})
	columns = 40
	r.show(nil)
	fmt.Fprintln(log, "four")
	got := strings.Split(screenOf(t, out.String()), "\n")
	if len(got) != 6 || got[0] != "e" || !strings.Contains(got[1], "smaller") || got[2] != "f" || got[3] != got[1] || got[4] != "four" {
		t.Errorf("got %q", got)
	}
}

// TestFewRows holds that no more is shown than a terminal has rows for.
func TestFewRows(t *testing.T) {
	base, stop := openaitest.New().Start()
	defer stop()
	s := configFile(t, "model:\n  name: scripted\n  base_url: "+base+"\n", nil)
	s.terminal, s.rows = 40, 10
	for _, f := range frames(runProgram(t, s, "ask", soldiers).stdout) {
		if n := strings.Count(f, "\n"); n >= s.rows || !strings.Contains(f, "Searched ") {
			t.Errorf("%d lines on %d rows: %s", n, s.rows, f)
		}
	}
}

// TestStatusLine holds that where only standard error is a terminal, one line
// tells how far the answer has come, and nothing of it is left.
func TestStatusLine(t *testing.T) {
	base, stop := openaitest.New().Start()
	defer stop()
	s := configFile(t, "model:\n  name: scripted\n  base_url: "+base+"\n", nil)
	var stdout, stderr bytes.Buffer
	p := s.program(t, &stdout, &stderr)
	p.terminal = func(w io.Writer) (int, bool) { return 80, w == io.Writer(&stderr) }
	if code := p.run(t.Context(), []string{"ask", soldiers}); code != exitDone || strings.Contains(stdout.String(), "\x1b") {
		t.Errorf("exit code %d: %s", code, stdout.String())
	}
	if got := stderr.String(); !strings.Contains(got, "the model is reading") || !strings.Contains(got, "3 statements checked") || strings.Contains(screenOf(t, got), "Searched") {
		t.Errorf("got %q", got)
	}
}
