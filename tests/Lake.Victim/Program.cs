// A program that writes to a lake until it is killed, and says on its standard output what it is about to do and what was acknowledged.
//   victim <folder> <state> <seed> <first op> [early]     early: acknowledges before committing, the control that must be caught
using System.Globalization;
using Lizhou.Lake.Victim;

var early = args is [.., "early"];
var story = new Story(args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture), long.Parse(args[3], CultureInfo.InvariantCulture), early);
await story.Tell();
