//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// The soak test runs longer with flags, for the table in docs/figures.md:
//
//	go test ./cmd/verbatim -run TestSoak -v -soak.for 5m -soak.kills 60 -soak.askers 20
var (
	soakFor    = flag.Duration("soak.for", 4*time.Second, "how long the soak test runs")
	soakKills  = flag.Int("soak.kills", 3, "how often the soak test kills the ingesting process")
	soakAskers = flag.Int("soak.askers", 2, "how many processes ask at a time in the soak test")
)

// soak is a catalogue that one process after the other adds to, each killed or
// left to end, while others ask about the articles that were there before.
type soak struct {
	data, home string
	people     []string // mayor of town i, in the articles that are there before
	asked      atomic.Int64
	refused    atomic.Int64
	kills      int
	batches    int // of articles that were reported as stored
}

const (
	soakArticles = 60 // before the others
	soakBatch    = 40 // articles that are added at a time
)

// TestSoak wants no false refusal, no wrong quote and no lost article.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("the soak test starts many processes")
	}
	dir := t.TempDir()
	s := &soak{data: filepath.Join(dir, "data"), home: filepath.Join(dir, "home")}
	for i := range soakArticles {
		s.people = append(s.people, name(i)+" "+name(i+soakArticles))
	}
	first := filepath.Join(dir, "first.jsonl")
	s.write(t, first, "first", soakArticles, func(i int) string { return s.people[i] })
	if out, err := s.command(t.Context(), "ingest", first).CombinedOutput(); err != nil {
		t.Fatalf("ingest: %v\n%s", err, out)
	}
	ctx, stop := context.WithTimeout(t.Context(), *soakFor)
	defer stop()
	var working sync.WaitGroup
	for i := range *soakAskers {
		working.Go(func() { s.ask(ctx, t, rand.New(rand.NewPCG(uint64(i), 7))) })
	}
	s.ingest(ctx, t, dir)
	working.Wait()
	t.Logf("%d questions, %d refused wrongly, %d kills, %d batches stored", s.asked.Load(), s.refused.Load(), s.kills, s.batches)
	s.examine(t)
}

// command runs the program; SIGKILL is all that ends it early.
func (s *soak) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, "verbatim", append([]string{"--quiet", "--data", s.data}, args...)...)
	c.Env = append(os.Environ(), "HOME="+s.home, "XDG_CONFIG_HOME="+s.home, "XDG_CACHE_HOME="+s.home)
	return c
}

// ask asks for mayors until ctx ends.
func (s *soak) ask(ctx context.Context, t *testing.T, random *rand.Rand) {
	for ctx.Err() == nil {
		i := random.IntN(soakArticles)
		var stderr bytes.Buffer
		c := s.command(ctx, "ask", "--json", "Who is the mayor of "+town("first", i)+"?")
		c.Stderr = &stderr
		out, err := c.Output()
		if ctx.Err() != nil {
			return
		}
		s.asked.Add(1)
		var a struct {
			Status string
			Quotes []struct {
				Text, Source string
			}
		}
		if err != nil && len(out) == 0 {
			t.Errorf("ask about town %d: %v\n%s", i, err, stderr.Bytes())
			return
		}
		if err := json.Unmarshal(out, &a); err != nil {
			t.Errorf("ask about town %d: %v\n%.300s", i, err, out)
			return
		}
		want := sentence("first", i, s.people[i])
		if a.Status == "no_evidence" || len(a.Quotes) == 0 || !strings.Contains(a.Quotes[0].Text, want) {
			s.refused.Add(1)
			t.Errorf("ask about town %d: %.300s; want %q\n%.1000s", i, out, want, stderr.Bytes())
		}
	}
}

// ingest adds articles, by processes that are killed on their way until there
// were enough kills, then by others until ctx ends. What a process reported as
// stored is counted.
func (s *soak) ingest(ctx context.Context, t *testing.T, dir string) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := 0; ctx.Err() == nil || s.kills < *soakKills; n++ {
		path := filepath.Join(dir, "more.jsonl")
		s.write(t, path, fmt.Sprint("more", s.batches), soakBatch, func(i int) string { return name(i) + " " + name(i+7) })
		c := s.command(context.WithoutCancel(ctx), "ingest", path)
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, &out
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }()
		var err error
		if kill := s.kills < *soakKills && n%2 == 1; kill {
			select {
			case err = <-ended:
			case <-time.After(time.Duration(random.IntN(600)) * time.Millisecond):
				_ = c.Process.Kill()
				err = <-ended
			}
		} else {
			err = <-ended
		}
		var exit *exec.ExitError
		switch {
		case err == nil:
			s.batches++
		case errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signaled():
			s.kills++
		default:
			t.Errorf("ingest: %v\n%s", err, out.Bytes())
			return
		}
	}
}

// examine looks for articles that were reported as stored, and for damage.
func (s *soak) examine(t *testing.T) {
	out, err := s.command(t.Context(), "sources", "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Articles []struct{ Source string } }
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatal(err)
	}
	stored := map[string]bool{}
	for _, a := range list.Articles {
		stored[a.Source] = true
	}
	check := func(set string, n int) {
		for i := range n {
			if source := fmt.Sprintf("%s-%d", set, i); !stored[source] {
				t.Errorf("article %s was reported as stored and is gone", source)
			}
		}
	}
	check("first", soakArticles)
	for b := range s.batches {
		check(fmt.Sprint("more", b), soakBatch)
	}
	health, err := s.command(t.Context(), "doctor").CombinedOutput()
	if !strings.Contains(string(health), "ok     catalogue") {
		t.Errorf("doctor: %v\n%s", err, health)
	}
}

// write writes articles of a set, each of another town.
func (s *soak) write(t *testing.T, path, set string, n int, mayor func(i int) string) {
	t.Helper()
	var b bytes.Buffer
	for i := range n {
		text := sentence(set, i, mayor(i)) + " The vote was counted twice.\n\n"
		for p := range 12 {
			text += fmt.Sprintf("The council of %s spoke about road %d and the price of water. Nobody knew what the bridge to %s would cost.\n\n", town(set, i), p, name(p+i))
		}
		line, err := json.Marshal(map[string]string{"id": fmt.Sprintf("%s-%d", set, i), "title": "A vote in " + town(set, i), "published": "2021-07-04", "text": text})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func sentence(set string, i int, mayor string) string {
	return fmt.Sprintf("%s was elected mayor of %s on Sunday, officials said.", mayor, town(set, i))
}

// town returns a name that no other set and number has.
func town(set string, i int) string {
	sum := 0
	for _, c := range set {
		sum = sum*31 + int(c)
	}
	return name(1000 + (sum%9000+9000)%9000*100 + i)
}

// name makes a pronounceable name of a number. Names of different numbers have
// different consonants, so that none is taken for another spelling of another.
func name(n int) string {
	var b strings.Builder
	for x := uint64(n+1) * 0x9e3779b97f4a7c15; b.Len() < 10; x >>= 4 {
		b.WriteByte("bdfgjklmnprstvzc"[x&15])
		b.WriteByte("aeiou"[b.Len()/2%5])
	}
	s := b.String() + "n"
	return strings.ToUpper(s[:1]) + s[1:]
}
