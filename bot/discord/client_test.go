package discord

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"verbatim/bot/discordtest"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// bubble runs a test on a fake clock, with a fake Discord in memory.
func bubble(t *testing.T, o discordtest.Options, test func(t *testing.T, srv *discordtest.Server, c *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.InMemory = true
		srv, err := discordtest.New(o)
		check(t, err)
		t.Cleanup(srv.Close)
		c, err := NewClient(Config{Token: srv.Token(), URL: srv.URL(), Transport: srv.Transport(nil), Log: slog.New(slog.DiscardHandler), Now: time.Now})
		check(t, err)
		test(t, srv, c)
	})
}

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestAPIBase(t *testing.T) {
	for in, want := range map[string]string{
		"": discordURL, "https://host": "https://host/api/v9", "https://host/": "https://host/api/v9", "http://host:3001/api": "http://host:3001/api/v9",
		"https://host/api/v10/": "https://host/api/v10",
	} {
		if got, err := apiBase(in); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"host", "ftp://host", "://"} {
		if got, err := apiBase(in); err == nil {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// TestRefusedRequestsAreHeldBack keeps the address from being banned.
func TestRefusedRequestsAreHeldBack(t *testing.T) {
	bubble(t, discordtest.Options{}, func(t *testing.T, srv *discordtest.Server, c *Client) {
		me := Call{Method: http.MethodGet, Path: "/users/@me", Route: "/users/@me"}
		c.Token = "wrong"
		if err := c.Do(t.Context(), me, nil); Status(err) != http.StatusUnauthorized || strings.Contains(err.Error(), "wrong") {
			t.Errorf("wrong token: %v", err)
		}
		c.Token = srv.Token()
		check(t, c.Do(t.Context(), me, nil))
		c.invalid = maxInvalid
		if err := c.Do(t.Context(), me, nil); !errors.Is(err, ErrTooRefused) {
			t.Errorf("after %d refusals: %v", maxInvalid, err)
		}
		time.Sleep(invalidWindow + time.Second)
		check(t, c.Do(t.Context(), me, nil))
	})
}

// TestLongLimitIsReportedAtOnce does not sleep through a deadline.
func TestLongLimitIsReportedAtOnce(t *testing.T) {
	bubble(t, discordtest.Options{}, func(t *testing.T, srv *discordtest.Server, c *Client) {
		srv.Break(discordtest.RateLimited("GET", "/users/@me", 300, 1, true, false))
		for range 2 { // the second is not even sent
			begin := time.Now()
			err := c.Do(within(t), Call{Method: http.MethodGet, Path: "/users/@me", Route: "/users/@me"}, nil)
			if took := time.Since(begin); Status(err) != http.StatusTooManyRequests || took > 0 {
				t.Errorf("%v after %v", err, took)
			}
		}
		if n := len(srv.Requests("GET", "/users/@me")); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
	})
}
