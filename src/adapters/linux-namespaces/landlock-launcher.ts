/**
 * Puts this process behind Landlock and a system call filter and becomes the command. In Perl, because neither Node nor a
 * program of the base system can make these calls, and `perl-base` is part of every Debian and Ubuntu.
 * Arguments: numbers of prctl, capset, openat and close; then pairs of what is allowed beneath a path; then `--` and the
 * command. Descriptor 3 is the filter. All that is not named stays closed, and whatever fails ends it: there is no
 * half of this wall.
 */
export const landlockLauncher = String.raw`
use strict;
sub fault { print STDERR "landlock: $_[0]: $!\n"; exit 70 }
my ($prctl, $capset, $openat, $close) = map { 0 + $_ } splice @ARGV, 0, 4;
my ($create, $add, $restrict) = (444, 445, 446);
my $abi = syscall($create, 0, 0, 1);
fault('this kernel has none') if $abi < 3;
my $all = $abi >= 5 ? 0xffff : 0x7fff;
my $attributes = pack 'Q3', $all, 3, 3;
my $size = $abi >= 6 ? 24 : $abi >= 4 ? 16 : 8;
my $rules = syscall($create, $attributes, $size, 0);
fault('no rules') if $rules < 0;
my %rights = (list => 0x8, read => 0xc, run => 0xd, device => 0x6, write => 0x41ae);
my $of_files = 0x4007;
while (@ARGV && $ARGV[0] ne '--') {
  my ($what, $path) = splice @ARGV, 0, 2;
  my $place = syscall($openat, -100, $path, 0x280000, 0);
  fault("open $path") if $place < 0;
  my $rights = $rights{$what};
  $rights &= $of_files unless -d $path;
  my $rule = pack 'Ql', $rights, $place;
  syscall($add, $rules, 1, $rule, 0) == 0 or fault("allow $what $path");
  syscall($close, $place);
}
shift @ARGV;
syscall($prctl, 1, 9, 0, 0, 0) == 0 or fault('parent');
syscall($prctl, 38, 1, 0, 0, 0) == 0 or fault('no new privileges');
for my $capability (0 .. 63) { last if syscall($prctl, 24, $capability, 0, 0, 0) != 0 }
my ($header, $none) = (pack('Ll', 0x20080522, 0), pack('L6', (0) x 6));
syscall($capset, $header, $none) == 0 or fault('capabilities');
syscall($restrict, $rules, 0) == 0 or fault('restrict');
open my $file, '<&=', 3 or fault('filter');
binmode $file;
my $filter = do { local $/; <$file> };
my $program = pack 'S x6 P', length($filter) / 8, $filter;
syscall($prctl, 22, 2, $program, 0, 0) == 0 or fault('filter');
close $file;
exec { $ARGV[0] } @ARGV;
fault("exec $ARGV[0]");
`;
