//go:build unix

package local

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/retrievaltest"
)

// These tests run the test binary again as another process, whose work is
// named by an environment variable.
const (
	workKey = "VERBATIM_LOCAL_WORK"
	dirKey  = "VERBATIM_LOCAL_DIR"
)

func TestMain(m *testing.M) {
	works := map[string]func(dir string) error{"ingest": ingestForEver, "full": ingestUntilFull, "look": lookOnly}
	if work, ok := works[os.Getenv(workKey)]; ok {
		if err := work(os.Getenv(dirKey)); err != nil {
			fmt.Println("failed", err)
		}
		return
	}
	os.Exit(m.Run())
}

func child(t *testing.T, binary, work, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Env = append(os.Environ(), workKey+"="+work, dirKey+"="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// killedBatch is how many articles the killed process stores at a time.
const killedBatch = 5

// numbered is the n-th article of the process that is killed; every seventh
// has a revision that is stored later.
func numbered(n, revision int) retrieval.Entry {
	e := retrievaltest.NewEntry(fmt.Sprintf("article-%05d", n), fmt.Sprintf("The dam number %d broke.\n\n%s", n,
		strings.Repeat(fmt.Sprintf("Rain %d fell. ", n), 30)))
	if revision > 1 {
		return retrievaltest.Revise(e, revision, e.Article.Body+"\n\nIt was mended.")
	}
	return e
}

// ingestForEver stores article after article, says which are stored, and
// closes and opens the store now and then.
func ingestForEver(dir string) error {
	ctx := context.Background()
	for {
		s, err := Open(ctx, dir, Options{})
		if err != nil {
			return err
		}
		infos, err := s.Articles(ctx, retrieval.Filter{Scope: corpus.Scope{All: true}})
		if err != nil {
			return err
		}
		for next := len(infos); next < len(infos)+8*killedBatch; next += killedBatch {
			var batch []retrieval.Entry
			for n := next; n < next+killedBatch; n++ {
				batch = append(batch, numbered(n, 1))
			}
			if err := s.Put(ctx, batch); err != nil {
				return err
			}
			fmt.Println("stored", next+killedBatch)
			if err := s.Put(ctx, []retrieval.Entry{numbered(next, 2)}); err != nil {
				return err
			}
			fmt.Println("revised", next)
		}
		if err := s.Close(); err != nil {
			return err
		}
	}
}

// TestKilled kills a process that ingests at 50 random moments, each time
// goes on with what it left, and misses nothing that was reported as stored.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills 50 processes")
	}
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(3, 5))
	stored, revised := 0, map[int]bool{}
	for round := range 50 {
		cmd := child(t, os.Args[0], "ingest", dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(random.IntN(200_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var word string
			var n int
			if _, err := fmt.Sscan(lines.Text(), &word, &n); err != nil {
				t.Fatalf("round %d: the process says %q", round, lines.Text())
			}
			switch word {
			case "stored":
				stored = n
			case "revised":
				revised[n] = true
			}
		}
		_ = cmd.Wait()
		kill.Stop()
		checkKilled(t, dir, &stored, revised)
		if t.Failed() {
			t.Fatalf("after round %d", round)
		}
	}
	t.Logf("%d articles stored by 50 killed processes", stored)
}

// checkKilled compares what is stored with what was reported, and takes over
// what was stored whole but not reported any more.
func checkKilled(t *testing.T, dir string, stored *int, revised map[int]bool) {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	infos, err := s.Articles(t.Context(), retrieval.Filter{Scope: corpus.Scope{All: true}})
	if err != nil {
		t.Fatal(err)
	}
	if len(infos) < *stored || len(infos) > *stored+killedBatch || len(infos)%killedBatch != 0 {
		t.Fatalf("%d articles, %d were reported as stored, %d at a time", len(infos), *stored, killedBatch)
	}
	*stored = len(infos)
	var want []retrieval.Entry
	for n, info := range infos {
		_, revision := corpus.SplitID(info.ID)
		if revised[n] && revision != 2 {
			t.Errorf("the revision of article %d is lost", n)
		}
		if revision == 2 {
			revised[n] = true
			first, err := s.Article(t.Context(), numbered(n, 1).Article.ID)
			if err != nil || first.Body != numbered(n, 1).Article.Body {
				t.Errorf("the first revision of article %d: %v", n, err)
			}
		}
		want = append(want, numbered(n, revision))
	}
	expect(t, s, want)
	health, err := s.Check(t.Context())
	if err != nil || len(health.Problems) > 0 {
		t.Errorf("problems %q, %v", health.Problems, err)
	}
}

// ingestUntilFull stores articles while no file may grow over a limit.
func ingestUntilFull(dir string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 600_000, Max: 600_000}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return err
	}
	for n := 0; n < 10_000; n += killedBatch {
		var batch []retrieval.Entry
		for i := range killedBatch {
			batch = append(batch, numbered(n+i, 1))
		}
		err := s.Put(context.Background(), batch)
		if errors.Is(err, retrieval.ErrFull) {
			fmt.Println("full", n)
			return s.Close()
		}
		if err != nil {
			return err
		}
	}
	return errors.New("the disk never filled")
}

func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	out, err := child(t, os.Args[0], "full", dir).Output()
	var stored int
	if _, scanErr := fmt.Sscanf(string(out), "full %d", &stored); err != nil || scanErr != nil || strings.Contains(string(out), "failed") || stored == 0 {
		t.Fatalf("the process on a full disk says %q, %v", out, err)
	}
	checkKilled(t, dir, &stored, map[int]bool{})
	s := open(t, dir)
	if err := s.Put(t.Context(), []retrieval.Entry{retrievaltest.NewEntry("later", "There is space again.")}); err != nil {
		t.Errorf("with space again: %v", err)
	}
}

// lookOnly uses a store in a directory that it must not write to.
func lookOnly(dir string) error {
	ctx := context.Background()
	for _, o := range []Options{{}, {ReadOnly: true}} {
		s, err := Open(ctx, dir, o)
		if err != nil {
			return err
		}
		hits, err := s.Words(ctx, retrievaltest.Terms("dam"), 1000, retrieval.Filter{})
		if err != nil {
			return err
		}
		for _, h := range hits.Hits {
			if _, err := s.Article(ctx, h.Ref.Article); err != nil {
				return err
			}
		}
		err = s.Put(ctx, some(1))
		fmt.Println(len(hits.Hits), errors.Is(err, retrieval.ErrReadOnly))
		if err := s.Close(); err != nil {
			return err
		}
	}
	_, err := Open(ctx, filepath.Join(dir, "below"), Options{})
	fmt.Println(errors.Is(err, retrieval.ErrReadOnly))
	return nil
}

// TestReadOnlyDirectory has another user look at a store, since root may
// write anywhere.
func TestReadOnlyDirectory(t *testing.T) {
	for _, log := range []string{"with a log", "without a log"} {
		t.Run(log, func(t *testing.T) {
			dir := filepath.Join(publicDir(t), "data")
			fill(t, dir, some(50))
			if log == "with a log" {
				reader := open(t, dir) // keeps the log from being taken away
				if err := reader.Put(t.Context(), some(51)[50:]); err != nil {
					t.Fatal(err)
				}
			} else {
				fill(t, dir, some(51)[50:])
			}
			before := listing(t, dir)
			lock(t, dir)
			binary := filepath.Join(publicDir(t), "test")
			data, err := os.ReadFile(os.Args[0])
			if err == nil {
				err = os.WriteFile(binary, data, 0o755)
			}
			if err != nil {
				t.Fatal(err)
			}
			cmd := child(t, binary, "look", dir)
			if os.Getuid() == 0 {
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			}
			out, err := cmd.Output()
			if err != nil || string(out) != "51 true\n51 true\ntrue\n" {
				t.Errorf("the process that may not write says %q, %v", out, err)
			}
			if after := listing(t, dir); !bytes.Equal(after, before) {
				t.Errorf("the directory has changed from\n%s to\n%s", before, after)
			}
		})
	}
}

// publicDir makes a directory that other users may enter.
func publicDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for d := dir; d != filepath.Dir(d) && d != os.TempDir(); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// lock takes the permission to write from everyone under dir until the end of
// the test.
func lock(t *testing.T, dir string) {
	t.Helper()
	mode := func(d, f os.FileMode) {
		_ = filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err == nil && e.IsDir() {
				return os.Chmod(path, d)
			}
			return errors.Join(err, os.Chmod(path, f))
		})
	}
	mode(0o555, 0o444)
	t.Cleanup(func() { mode(0o755, 0o644) })
}

// listing returns the names and sizes of the files under dir.
func listing(t *testing.T, dir string) []byte {
	t.Helper()
	var b bytes.Buffer
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			var f *os.File
			if f, err = os.Open(path); err == nil {
				n, _ := io.Copy(io.Discard, f)
				fmt.Fprintln(&b, path, n)
				f.Close()
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
