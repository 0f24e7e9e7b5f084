// The words of `make:` in county.yaml, each a value for the current row. An unknown word is an error when the plan is read.
namespace Lizhou.Sample;

internal delegate void Maker(Row row, Line line);

internal static class Makers
{
    public static Maker Of(string make)
    {
        var words = make.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (words[0], words.Length) switch
        {
            ("person.id", 1) => IdNumber,
            ("person.name", 1) => (row, line) => Name(row.Population.Hash(row.Person, 2), row.Words, line),
            ("person.sex", 1) => (row, line) => line.Put(row.Population.Birth(row.Person).Sequence % 2 == 1 ? '1' : '2'),
            ("person.born", 1) => (row, line) => Day(row.Population.Birth(row.Person).Born, line),
            ("person.town", 1) => (row, line) => line.Put(row.Words.Towns[Home(row).Town].Code),
            ("person.address", 1) => Address,
            ("person.phone", 1) => Phone,
            ("firm.code", 1) => FirmCode,
            ("firm.name", 1) => FirmName,
            ("place.name", 1) => PlaceName,
            ("event.text", 1) => EventText,
            ("date", 1) => (row, line) => Day(DateOnly.FromDateTime(row.Moment), line),
            ("date.later", 1) => (row, line) => Day(DateOnly.FromDateTime(row.Moment).AddDays(365 * row.Dice.Between(1, 5)), line),
            ("moment", 1) => (row, line) => Time(row.Moment, line),
            ("moment.later", 1) => (row, line) => Time(row.Moment.AddMinutes(row.Dice.Between(20, 40_000)), line),
            ("moment.row", 1) => (row, line) => Time(row.Turn, line),
            ("month", 1) => (row, line) => Month(DateOnly.FromDateTime(row.Moment), line),
            ("month.row", 1) => (row, line) => Month(row.Last.AddMonths((int)-(row.Index / row.Words.Towns.Count)), line),
            ("town.row", 1) => (row, line) => line.Put(RowTown(row).Code),
            ("town.name.row", 1) => (row, line) => line.Put(RowTown(row).Name),
            ("device.row", 1) => (row, line) => line.Digits(100_000_000 + row.Device, 10),
            ("wave", 1) => Wave,
            ("serial", 2) => (row, line) =>
            {
                line.Put(words[1]);
                line.Digits(row.Index + 1, 10);
            },
            ("digits", 2) => Digits(int.Parse(words[1])),
            ("whole", 3) => Whole(int.Parse(words[1]), int.Parse(words[2])),
            ("decimal", 4) => Decimal(double.Parse(words[1]), double.Parse(words[2]), int.Parse(words[3])),
            ("money", 3) => Money(double.Parse(words[1]), double.Parse(words[2])),
            ("pick", 2) => Pick(words[1]),
            _ => throw new FormatException($"county.yaml: there is no value '{make}'."),
        };
    }

    public static void Name(ulong hash, Words words, Line line)
    {
        line.Put(words.Surnames.At(hash));
        line.Put(words.Given[(hash >> 10) % (ulong)words.Given.Length]);
        if ((hash >> 30) % 100 < 78)
        {
            line.Put(words.Given[(hash >> 40) % (ulong)words.Given.Length]);
        }
    }

    private static void IdNumber(Row row, Line line)
    {
        Span<char> number = stackalloc char[18];
        var (born, sequence) = row.Population.Birth(row.Person);
        Codes.IdNumber(number, row.Population.Prefix, born, sequence);
        line.Put(number);
    }

    private static void FirmCode(Row row, Line line)
    {
        Span<char> code = stackalloc char[18];
        Codes.CreditCode(code, "91", row.Population.Prefix, Population.FirmNumber(row.Firm));
        line.Put(code);
    }

    private static Village Home(Row row)
    {
        var villages = row.Words.Villages;
        return villages[row.Population.Hash(row.Person, 3) % (ulong)villages.Length];
    }

    private static void Address(Row row, Line line)
    {
        var home = Home(row);
        line.Put(row.Words.City);
        line.Put(row.Words.Towns[home.Town].Name);
        line.Put(home.Name);
        line.Number(1 + (long)(row.Population.Hash(row.Person, 4) % 300));
        line.Put(row.Words.NumberSign);
    }

    // No mobile number begins with 1000.
    private static void Phone(Row row, Line line)
    {
        line.Put("1000"u8);
        line.Digits((long)(row.Population.Hash(row.Person, 5) % 10_000_000), 7);
    }

    private static void FirmName(Row row, Line line)
    {
        var hash = row.Population.Hash(row.Firm, 6);
        var words = row.Words;
        line.Put(words.City);
        line.Put(words.FirmWords[hash % (ulong)words.FirmWords.Length]);
        line.Put(words.FirmWords[(hash >> 12) % (ulong)words.FirmWords.Length]);
        line.Put(words.FirmTrades[(hash >> 24) % (ulong)words.FirmTrades.Length]);
        line.Put(words.FirmForms.At(hash >> 36));
    }

    private static void PlaceName(Row row, Line line)
    {
        var words = row.Words;
        line.Put(Home(row).Name);
        line.Put(words.Places[row.Dice.Below(words.Places.Length)]);
        line.Put(words.PlaceKinds[row.Dice.Below(words.PlaceKinds.Length)]);
    }

    private static void EventText(Row row, Line line)
    {
        var words = row.Words;
        line.Put(words.Roads[row.Dice.Below(words.Roads.Length)]);
        line.Number(row.Dice.Between(1, 400));
        line.Put(words.NumberSign);
        line.Put(words.EventThings[row.Dice.Below(words.EventThings.Length)]);
        line.Put(words.EventFaults[row.Dice.Below(words.EventFaults.Length)]);
    }

    private static Town RowTown(Row row) => row.Words.Towns[(int)(row.Index % row.Words.Towns.Count)];

    private static void Wave(Row row, Line line)
    {
        var angle = row.Turn.TimeOfDay.TotalDays * 2 * Math.PI;
        line.Fixed((long)((50 + (20 * Math.Sin(angle)) + (row.Device * 0.5) + (6 * (row.Dice.Unit() - 0.5))) * 100), 2);
    }

    private static Maker Digits(int width) => (row, line) =>
    {
        for (var left = width; left > 0; left -= 9)
        {
            line.Digits((long)(row.Dice.Next() % 1_000_000_000), Math.Min(left, 9));
        }
    };

    private static Maker Whole(int first, int last) => (row, line) => line.Number(row.Dice.Between(first, last));

    private static Maker Decimal(double first, double last, int places)
    {
        var one = Math.Pow(10, places);
        return (row, line) => line.Fixed((long)Math.Round((first + ((last - first) * row.Dice.Unit())) * one), places);
    }

    // Many small sums and few large ones: even on the logarithm.
    private static Maker Money(double first, double last)
    {
        var (low, high) = (Math.Log(first + 1), Math.Log(last + 1));
        return (row, line) => line.Fixed((long)((Math.Exp(low + ((high - low) * row.Dice.Unit())) - 1) * 100), 2);
    }

    /// <param name="values"><c>a:90|b:10</c></param>
    private static Maker Pick(string values)
    {
        var weighted = new Weighted(values.Split('|').Select(v => v.Split(':')).ToDictionary(v => v[0], v => int.Parse(v[1]), StringComparer.Ordinal));
        return (row, line) => line.Put(weighted.At(row.Dice.Next() >> 40));
    }

    private static void Day(DateOnly day, Line line)
    {
        line.Digits(day.Year, 4);
        line.Put('-');
        line.Digits(day.Month, 2);
        line.Put('-');
        line.Digits(day.Day, 2);
    }

    private static void Month(DateOnly day, Line line)
    {
        line.Digits(day.Year, 4);
        line.Put('-');
        line.Digits(day.Month, 2);
    }

    private static void Time(DateTime moment, Line line)
    {
        Day(DateOnly.FromDateTime(moment), line);
        line.Put(' ');
        line.Digits(moment.Hour, 2);
        line.Put(':');
        line.Digits(moment.Minute, 2);
        line.Put(':');
        line.Digits(moment.Second, 2);
    }
}
