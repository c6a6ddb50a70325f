package bot

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"verbatim/bot/discordtest"
	"verbatim/bot/quota"
)

// TestLoad asks 500 questions over 20 servers at once.
func TestLoad(t *testing.T) {
	bubble(t, func(t *testing.T) {
		const servers, questions = 20, 500
		var guilds []discordtest.Guild
		for i := range servers {
			guilds = append(guilds, discordtest.Guild{ID: strconv.Itoa(1000 + i), Name: "s", Channels: []discordtest.Channel{{ID: strconv.Itoa(2000 + i), Name: "c"}}})
		}
		w := start(t, discordtest.Options{Guilds: guilds}, func(o *Options) {
			o.Transport = &http.Transport{DialContext: o.Dial} // the check against Discord's document takes longer than the bot
		})
		var wg sync.WaitGroup
		for n := range questions {
			in := discordtest.Invocation{GuildID: strconv.Itoa(1000 + n%servers), ChannelID: strconv.Itoa(2000 + n%servers),
				User: discordtest.User{ID: strconv.Itoa(10_000 + n), Username: "u"}}
			c := w.srv.Slash(in, "ask", ask(fmt.Sprintf("How many soldiers crossed? %d", n))...)
			wg.Go(func() {
				m, err := c.Reply(within(t))
				if err != nil || !strings.Contains(seen(m), "1,037") {
					t.Errorf("question %d: %v %q", n, err, seen(m))
				}
			})
		}
		wg.Wait()
	})
}

func TestBusyServerDelaysNoOther(t *testing.T) {
	q := quota.NewQueue(100, 10)
	var got []string
	push := func(server string) bool {
		return q.Push(server, quota.Job{Run: nil, Abandon: func() { got = append(got, server) }})
	}
	for range 12 {
		push("loud")
	}
	push("quiet")
	if q.Size != 11 {
		t.Errorf("%d jobs wait, want 10 of the loud server and 1 of the quiet one", q.Size)
	}
	for range 3 {
		j, _ := q.Pop()
		j.Abandon()
	}
	if want := []string{"loud", "quiet", "loud"}; !slices.Equal(got, want) {
		t.Errorf("handed out %v, want %v", got, want)
	}
}

func TestFullQueueSaysBusy(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, func(o *Options) { o.Queue = Queue{Workers: 1, PerServer: 1} })
		var calls []*discordtest.Call
		for n := range 3 {
			in := inNewsroom
			in.User.ID = strconv.Itoa(60 + n)
			c := w.srv.Slash(in, "ask", ask("wait: how many soldiers crossed?")...)
			_, err := c.Ack(within(t))
			check(t, err)
			calls = append(calls, c)
			if n == 0 { // the worker has it, so the next one waits
				synctest.Wait()
			}
		}
		if m := w.reply(calls[2]); seen(m) != wordsBusy {
			t.Errorf("the third is told %q", seen(m))
		}
		close(w.desk.release)
		for _, c := range calls[:2] {
			if m := w.reply(c); !strings.Contains(seen(m), "1,037") {
				t.Errorf("answer: %q", seen(m))
			}
		}
	})
}

func TestLimitsAreToldInWords(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, func(o *Options) { o.Limits.User = 4 })
		for n := range 5 {
			c := w.srv.Slash(inNewsroom, "ask", ask("How many soldiers crossed?")...)
			m := w.reply(c)
			if limited := strings.Contains(seen(m), "which is the limit"); limited != (n == 4) {
				t.Errorf("question %d: %q", n+1, seen(m))
			}
		}
		other := inNewsroom
		other.User = discordtest.User{ID: "56", Username: "bob"}
		if m := w.reply(w.srv.Slash(other, "ask", ask("How many soldiers crossed?")...)); !strings.Contains(seen(m), "1,037") {
			t.Errorf("another user is told %q", seen(m))
		}
	})
}

func TestStopAnswersOrSaysSo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, func(o *Options) { o.Queue.Workers = 1; o.Grace = 300 * time.Millisecond })
		first := w.srv.Slash(inNewsroom, "ask", ask("wait: how many soldiers crossed?")...)
		synctest.Wait()
		second := w.srv.Slash(inNewsroom, "ask", ask("Who sought refuge?")...)
		_, err := second.Ack(within(t))
		check(t, err)
		w.stop()
		for _, c := range []*discordtest.Call{first, second} {
			if m := w.reply(c); seen(m) != wordsRestart {
				t.Errorf("told %q", seen(m))
			}
		}
	})
}

func TestPanicAndErrorAreToldInWords(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := start(t, discordtest.Options{}, nil)
		for _, q := range []string{"panic now", "fail now"} {
			if m := w.reply(w.srv.Slash(inNewsroom, "ask", ask(q)...)); seen(m) != wordsFault {
				t.Errorf("%s: %q", q, seen(m))
			}
		}
		w.answers()
	})
}
