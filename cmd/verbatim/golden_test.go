package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// goldenDay is the day on which the golden questions are asked.
const goldenDay = "2021-07-07"

// The files in testdata/golden hold what the program prints for the seed
// questions, so that a change of behaviour shows as a diff that somebody
// reads. The flag -update rewrites them.
func TestGolden(t *testing.T) {
	file, err := os.Open(filepath.Join("testdata", "golden", "questions.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var asks, searches strings.Builder
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var q struct{ ID, Question string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		asks.WriteString(goldenJSON(t, q.ID, "ask", "--json", "--explain", "--as-of", goldenDay, q.Question))
		searches.WriteString(goldenJSON(t, q.ID, "search", "--json", "--explain", "-n", "3", "--as-of", goldenDay, q.Question))
	}
	compareGolden(t, "ask.golden", asks.String())
	compareGolden(t, "search.golden", searches.String())
	compareGolden(t, "sources.golden", goldenJSON(t, "all", "sources", "--json"))

	var pages strings.Builder
	for _, args := range [][]string{
		{"ask", "--as-of", goldenDay, "How many Afghan soldiers fled to Tajikistan?"},
		{"ask", "--as-of", goldenDay, "Who won the 2021 Tour de France?"},
		{"search", "--as-of", goldenDay, "-n", "2", "border guards"},
		{"quote", "forced crossings"},
		{"sources"},
		{"source", "seeds/003_c0f12e7c3a80e674.txt"},
	} {
		r := runProgram(t, surroundings{terminal: maxWidth}, append([]string{"--no-color"}, args...)...)
		pages.WriteString("$ verbatim " + strings.Join(args, " ") + "\n" + r.stderr + r.stdout + "\n")
	}
	compareGolden(t, "terminal.golden", pages.String())
}

// goldenJSON runs the program and returns its JSON object indented, with the
// time it took masked and fractions rounded to three digits.
func goldenJSON(t *testing.T, id string, args ...string) string {
	t.Helper()
	r := runProgram(t, surroundings{}, args...)
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(r.stdout), "", " "); err != nil {
		t.Fatalf("%s: %v in %q", strings.Join(args, " "), err, r.stdout)
	}
	text := regexp.MustCompile(`"took_ms": [0-9.e+-]+`).ReplaceAllString(b.String(), `"took_ms": 0`)
	text = regexp.MustCompile(`-?[0-9]+\.[0-9]+(e[+-]?[0-9]+)?`).ReplaceAllStringFunc(text, func(number string) string {
		if f, err := strconv.ParseFloat(number, 64); err == nil {
			return strconv.FormatFloat(f, 'g', 3, 64)
		}
		return number
	})
	return "-- " + id + " --\n" + strings.TrimRight(text, "\n") + "\n"
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s is not what the program prints; -update rewrites it (-golden +program):\n%s", path, diff)
	}
}
