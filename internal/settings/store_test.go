package settings_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"verbatim/internal/settings"
)

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func newClock() *clock { return &clock{t: time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)} }

func open(t *testing.T, path string, c *clock) *settings.Store {
	t.Helper()
	m, err := settings.Open(t.Context(), settings.Options{Path: path, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func complaint(answer string) settings.Feedback {
	return settings.Feedback{Server: "1", Answer: answer, Question: "Who?", Refs: []string{"a:0-9"}, Reason: "an old figure"}
}

func TestSettingsSurvive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?#%", "memory.db")
	m := open(t, path, newClock())
	got, err := m.Settings(t.Context(), "1")
	check(t, err)
	if d := cmp.Diff(settings.Server{}, got); d != "" {
		t.Errorf("settings of a new server: %s", d)
	}
	want := settings.Server{AskChannels: []string{"7", "8"}, Thread: settings.ThreadReply, Outlets: []string{"TOLOnews"},
		Limits: settings.Limits{User: 5}, Roles: []string{"9"}}
	_, err = m.UpdateSettings(t.Context(), "1", func(s *settings.Server) error {
		*s = want
		s.AskChannels = []string{"7", "8", "7"}
		return nil
	})
	check(t, err)
	check(t, m.Close())
	m = open(t, path, newClock())
	got, err = m.Settings(t.Context(), "1")
	check(t, err)
	want.Changed = newClock().now()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("settings after a restart: %s", d)
	}
	if other, err := m.Settings(t.Context(), "2"); err != nil || other.Thread != "" {
		t.Errorf("another server has %+v, %v", other, err)
	}
	for name, change := range map[string]func(*settings.Server) error{
		"mode":  func(s *settings.Server) error { s.Thread = "dance"; return nil },
		"limit": func(s *settings.Server) error { s.Limits.Server = -1; return nil },
		"error": func(s *settings.Server) error { s.Welcomed = true; return errors.New("no") },
	} {
		if _, err := m.UpdateSettings(t.Context(), "1", change); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	after, err := m.Settings(t.Context(), "1")
	check(t, err)
	if d := cmp.Diff(want, after); d != "" {
		t.Errorf("refused changes left a trace: %s", d)
	}
	check(t, m.AddFeedback(t.Context(), "u", complaint("1")))
	check(t, m.ForgetServer(t.Context(), "1"))
	if k, err := m.KeptOf(t.Context(), "u"); err != nil || k.Feedback != 0 {
		t.Errorf("of a forgotten server is kept %+v, %v", k, err)
	}
	if gone, err := m.Settings(t.Context(), "1"); err != nil || gone.Thread != "" {
		t.Errorf("forgotten server has %+v, %v", gone, err)
	}
}

func TestWelcomeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.db")
	two := []*settings.Store{open(t, path, newClock()), open(t, path, newClock())}
	var wg sync.WaitGroup
	firsts := make(chan bool, 20)
	for i := range 20 {
		wg.Go(func() {
			first, err := two[i%2].Welcome(t.Context(), "1")
			if err != nil {
				t.Error(err)
			}
			firsts <- first
		})
	}
	wg.Wait()
	close(firsts)
	n := 0
	for f := range firsts {
		if f {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d were first, want 1", n)
	}
}

func TestConcurrentUpdatesLoseNothing(t *testing.T) {
	m := open(t, filepath.Join(t.TempDir(), "memory.db"), newClock())
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			_, err := m.UpdateSettings(t.Context(), "1", func(s *settings.Server) error {
				s.AskChannels = append(s.AskChannels, fmt.Sprint(i))
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s, err := m.Settings(t.Context(), "1")
	check(t, err)
	if len(s.AskChannels) != 20 {
		t.Errorf("%d of 20 changes are there", len(s.AskChannels))
	}
}

func TestFeedbackAndExport(t *testing.T) {
	m := open(t, "", newClock())
	for i := range 450 {
		f := complaint(fmt.Sprint(i))
		f.Right = i%2 == 1
		check(t, m.AddFeedback(t.Context(), "user", f))
	}
	f := complaint("1")
	f.Reason = "changed my mind"
	check(t, m.AddFeedback(t.Context(), "user", f))
	n := 0
	for f, err := range m.Complaints(t.Context(), "*") {
		check(t, err)
		if f.Answer == "1" && f.Reason != "changed my mind" {
			t.Errorf("answer 1 has the reason %q", f.Reason)
		}
		if f.Question != "Who?" || cmp.Diff([]string{"a:0-9"}, f.Refs) != "" || f.Server != "1" {
			t.Errorf("complaint %+v", f)
		}
		if _, err := m.KeptOf(t.Context(), "user"); err != nil { // the loop holds no connection
			t.Fatal(err)
		}
		n++
	}
	if n != 226 {
		t.Errorf("%d complaints, want 226", n)
	}
	for f := range m.Complaints(t.Context(), "2") {
		t.Errorf("server 2 sees %+v", f)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range m.Complaints(ctx, "*") {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
	if k, err := m.KeptOf(t.Context(), "user"); err != nil || k.Feedback != 450 {
		t.Errorf("after a cancelled call %d entries are left, %v", k.Feedback, err)
	}
	for name, f := range map[string]settings.Feedback{"no answer": {Question: "x"}, "no question": {Answer: "1"},
		"long": {Answer: "1", Question: string(make([]byte, 2001))}} {
		if m.AddFeedback(t.Context(), "user", f) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestPrivacy(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "memory.db")
	c := newClock()
	m := open(t, path, c)
	const user, secret = "123456789012345678", "a reason nobody should find"
	f := complaint("1")
	f.Reason = secret
	check(t, m.AddFeedback(t.Context(), user, f))
	check(t, m.AddFeedback(t.Context(), "other", complaint("1")))
	k, err := m.KeptOf(t.Context(), user)
	check(t, err)
	if k.Feedback != 1 || !k.Oldest.Equal(c.now()) {
		t.Errorf("kept %+v", k)
	}
	if find(t, dir, user) {
		t.Error("the user id is in a file")
	}
	if !find(t, dir, secret) {
		t.Error("the reason is in no file, so the search proves nothing")
	}
	n, err := m.ForgetUser(t.Context(), user)
	check(t, err)
	if n != 1 || find(t, dir, secret) {
		t.Errorf("forgot %d entries; the reason is still in a file: %v", n, find(t, dir, secret))
	}
	if k, err := m.KeptOf(t.Context(), "other"); err != nil || k.Feedback != 1 {
		t.Errorf("of the other user %+v, %v", k, err)
	}
	for _, name := range []string{path, path + ".key"} {
		st, err := os.Stat(name)
		check(t, err)
		if st.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", filepath.Base(name), st.Mode().Perm())
		}
	}
}

// find tells whether a text is in any file of a folder.
func find(t *testing.T, dir, text string) bool {
	t.Helper()
	entries, err := os.ReadDir(dir)
	check(t, err)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		check(t, err)
		if bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}

func TestExpire(t *testing.T) {
	c := newClock()
	m := open(t, "", c)
	check(t, m.AddFeedback(t.Context(), "u", complaint("old")))
	check(t, m.Spend(t.Context(), "1", "q", 10, 1))
	old := c.now()
	c.add(48 * time.Hour)
	check(t, m.AddFeedback(t.Context(), "u", complaint("new")))
	if n, err := m.Expire(t.Context(), 2); err != nil || n != 0 {
		t.Errorf("two days: %d gone, %v", n, err)
	}
	if n, err := m.Expire(t.Context(), 1); err != nil || n != 1 {
		t.Errorf("one day: %d gone, %v", n, err)
	}
	if u, err := m.Spent(t.Context(), old, "*"); err != nil || u.Total() != 0 {
		t.Errorf("old tokens %+v, %v", u, err)
	}
	if _, err := m.Expire(t.Context(), 0); err == nil {
		t.Error("0 days accepted")
	}
}

func TestTokens(t *testing.T) {
	c := newClock()
	m := open(t, filepath.Join(t.TempDir(), "memory.db"), c)
	spent := func(server string, want settings.Usage) {
		t.Helper()
		u, err := m.Spent(t.Context(), c.now(), server)
		if d := cmp.Diff(want, u); err != nil || d != "" {
			t.Errorf("%s: %v %s", server, err, d)
		}
	}
	spent("*", settings.Usage{})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := m.Spend(t.Context(), fmt.Sprint(i%2), fmt.Sprint("q", i/4), 10, int64(i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	spent("1", settings.Usage{In: 100, Out: 100, Questions: 5})
	spent("*", settings.Usage{In: 200, Out: 190, Questions: 10})
	if err := m.Spend(t.Context(), "1", "q", -1, 0); err == nil {
		t.Error("negative tokens are counted")
	}
	c.add(24 * time.Hour)
	spent("*", settings.Usage{})
}

func TestRefusedFilesAreLeftAlone(t *testing.T) {
	sqlFile := func(t *testing.T, path, statements string) {
		db, err := sql.Open("sqlite", path)
		check(t, err)
		defer db.Close()
		_, err = db.ExecContext(t.Context(), statements)
		check(t, err)
	}
	whole := func(t *testing.T, path string) []byte {
		m := open(t, path, newClock())
		for i := range 300 {
			check(t, m.AddFeedback(t.Context(), "u", complaint(fmt.Sprint(i))))
		}
		check(t, m.Close())
		b, err := os.ReadFile(path)
		check(t, err)
		return b
	}
	for name, c := range map[string]struct {
		make func(t *testing.T, path string)
		want error
	}{
		"text":     {func(t *testing.T, p string) { check(t, os.WriteFile(p, bytes.Repeat([]byte("notes\n"), 100), 0o600)) }, settings.ErrDamaged},
		"short":    {func(t *testing.T, p string) { check(t, os.WriteFile(p, []byte("SQLite format 3\x00"), 0o600)) }, settings.ErrDamaged},
		"foreign":  {func(t *testing.T, p string) { sqlFile(t, p, "PRAGMA application_id = 7; CREATE TABLE x (y)") }, settings.ErrDamaged},
		"unmarked": {func(t *testing.T, p string) { sqlFile(t, p, "PRAGMA journal_mode = wal; CREATE TABLE x (y)") }, settings.ErrDamaged},
		"newer":    {func(t *testing.T, p string) { whole(t, p); sqlFile(t, p, "PRAGMA user_version = 99") }, settings.ErrNewer},
		"torn": {func(t *testing.T, p string) {
			b := whole(t, p)
			for i := 2 * 4096; i < len(b); i++ {
				b[i] = 0x55
			}
			check(t, os.WriteFile(p, b, 0o600))
		}, settings.ErrDamaged},
		"cut":    {func(t *testing.T, p string) { b := whole(t, p); check(t, os.WriteFile(p, b[:len(b)/2], 0o600)) }, settings.ErrDamaged},
		"no key": {func(t *testing.T, p string) { whole(t, p); check(t, os.Remove(p+".key")) }, settings.ErrKey},
		"other key": {func(t *testing.T, p string) {
			whole(t, p)
			check(t, os.WriteFile(p+".key", bytes.Repeat([]byte("ab"), 32), 0o600))
		}, settings.ErrKey},
		"bad key": {func(t *testing.T, p string) { whole(t, p); check(t, os.WriteFile(p+".key", nil, 0o600)) }, settings.ErrKey},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "memory.db")
			c.make(t, path)
			before, err := os.ReadFile(path)
			check(t, err)
			m, err := settings.Open(t.Context(), settings.Options{Path: path})
			if !errors.Is(err, c.want) {
				t.Errorf("open: %v, want %v", err, c.want)
			}
			if m != nil {
				m.Close()
			}
			after, err := os.ReadFile(path)
			check(t, err)
			if !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}
