package bot

import (
	"slices"
	"strconv"
)

// Permission bits that the bot needs, as Discord numbers them.
const (
	permAdministrator = 1 << 3
	permManageServer  = 1 << 5
	permViewChannel   = 1 << 10
	permSend          = 1 << 11
	permAttach        = 1 << 15
	permHistory       = 1 << 16
	permThreads       = 1 << 35
	permSendInThreads = 1 << 38

	// wantedPermissions are asked for by the invite.
	wantedPermissions = permViewChannel | permSend | permAttach | permHistory | permThreads | permSendInThreads
)

const (
	channelText  = 0
	channelNews  = 5
	channelForum = 15
)

// permissionNames are as Discord's settings show them.
func permissionNames() []struct {
	bit  uint64
	name string
} {
	return []struct {
		bit  uint64
		name string
	}{
		{permViewChannel, "View Channel"}, {permSend, "Send Messages"}, {permSendInThreads, "Send Messages in Threads"},
		{permThreads, "Create Public Threads"}, {permAttach, "Attach Files"}, {permHistory, "Read Message History"},
	}
}

func missingPermissions(bits uint64) []string {
	if bits&permAdministrator != 0 {
		return nil
	}
	var out []string
	for _, p := range permissionNames() {
		if bits&p.bit == 0 {
			out = append(out, p.name)
		}
	}
	return out
}

// permissions reads a decimal bit set; ok is false where there is none.
func permissions(s digits) (bits uint64, ok bool) {
	bits, err := strconv.ParseUint(string(s), 10, 64)
	return bits, err == nil
}

// can computes the permissions of a member in a channel. See
// https://discord.com/developers/docs/topics/permissions#permission-overwrites.
func (g *guild) can(user string, c *guildChannel) uint64 {
	held := []string{g.ID} // the role of everybody
	for _, m := range g.Members {
		if m.User != nil && m.User.ID == user {
			held = append(held, m.Roles...)
		}
	}
	var bits uint64
	for _, role := range g.Roles {
		if slices.Contains(held, role.ID) {
			p, _ := permissions(role.Permissions)
			bits |= p
		}
	}
	if bits&permAdministrator != 0 || user == g.OwnerID {
		return ^uint64(0)
	}
	apply := func(match func(o overwrite) bool) {
		var allow, deny uint64
		for _, o := range c.Overwrites {
			if match(o) {
				a, _ := permissions(o.Allow)
				d, _ := permissions(o.Deny)
				allow, deny = allow|a, deny|d
			}
		}
		bits = bits&^deny | allow
	}
	apply(func(o overwrite) bool { return o.ID == g.ID })
	apply(func(o overwrite) bool { return o.Type == 0 && o.ID != g.ID && slices.Contains(held, o.ID) })
	apply(func(o overwrite) bool { return o.Type == 1 && o.ID == user })
	return bits
}
